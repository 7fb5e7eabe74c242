import { compilePattern, type Matcher, PatternError } from '../../../cli/replay/pattern/matcher.ts'
import { AwsError } from '../../aws/error.ts'
import type { LocalAws } from '../../aws/server.ts'
import { DeliveryFailure } from '../events/delivery-failure.ts'
import { eventPath } from '../events/event-path.ts'
import { type Input, inputTransformer } from '../events/input-transformer.ts'
import { isObject } from '../is-object.ts'
import type { InstancePool } from '../lambda/pool.ts'
import { type Resource, type Template, TemplateError } from '../template.ts'
import { ruleName } from './names.ts'
import { list } from './properties.ts'
import { eventsMayPublish, type MayPublish } from './topic-policies.ts'

export type RetryPolicy = { readonly maximumAgeSeconds: number; readonly maximumAttempts: number }

export type Target = {
  readonly deliver: (event: object) => void
  readonly arn: string
  /** ARN of the queue for events that cannot be delivered. */
  readonly deadLetters?: string
  readonly retry: RetryPolicy
}

/** An event that did not reach a target, also where there is no dead-letter queue for it. */
export type Undelivered = {
  readonly rule: string
  /** ARN of the target. */
  readonly target: string
  readonly code: DeliveryFailure['code']
  readonly message: string
  readonly event: object
}

export type Rule = { readonly name: string; readonly matches: Matcher; readonly targets: readonly Target[] }

/** Runs a function for an event that nobody waits for. */
export type InvokeLater = (pool: InstancePool, event: object) => void

/** EventBridge's own defaults. */
const DEFAULT_RETRY = { maximumAgeSeconds: 86_400, maximumAttempts: 185 }

function inputOf(target: Record<string, unknown>, where: string): Input {
  const { Input: constant, InputPath: path, InputTransformer: transformer } = target
  if ([constant, path, transformer].filter((given) => given !== undefined).length > 1)
    throw new TemplateError(where, 'only one of Input, InputPath and InputTransformer may be there')
  if (typeof constant === 'string') return () => constant
  if (isObject(transformer)) return transformed(transformer, `${where}.InputTransformer`)
  if (typeof path !== 'string') return (event) => JSON.stringify(event)
  const find = eventPath(path)
  if (!find) throw new TemplateError(`${where}.InputPath`, `the local run does not know the path ${path}`)
  return (event) => {
    const found = find(event)
    if (found === undefined) throw new DeliveryFailure('INVALID_JSON', `The event has nothing at ${path}.`)
    return JSON.stringify(found)
  }
}

function transformed(transformer: Record<string, unknown>, where: string): Input {
  try {
    return inputTransformer(transformer)
  } catch (error) {
    if (error instanceof RangeError) throw new TemplateError(where, error.message)
    throw error
  }
}

function retryOf(target: Record<string, unknown>): RetryPolicy {
  const given = isObject(target.RetryPolicy) ? target.RetryPolicy : {}
  return {
    maximumAgeSeconds: Number(given.MaximumEventAgeInSeconds ?? DEFAULT_RETRY.maximumAgeSeconds),
    maximumAttempts: Number(given.MaximumRetryAttempts ?? DEFAULT_RETRY.maximumAttempts),
  }
}

type Surroundings = {
  readonly aws: LocalAws
  readonly pools: readonly InstancePool[]
  readonly later: InvokeLater
  readonly onUndelivered: (undelivered: Undelivered) => void
}

type Send = (input: string) => void

function invoke(pool: InstancePool, input: string, later: InvokeLater): void {
  let event: object
  try {
    event = JSON.parse(input)
  } catch {
    throw new DeliveryFailure('INVALID_JSON', `The input of a function is JSON, which this is not: ${input}`)
  }
  later(pool, event)
}

function publish(aws: LocalAws, TopicArn: string, Message: string): void {
  try {
    aws.call('sns', 'Publish', { TopicArn, Message })
  } catch (error) {
    if (error instanceof AwsError) throw new DeliveryFailure('INVALID_PARAMETER', error.message)
    throw error
  }
}

function sendTo(arn: string, ruleArn: string, where: string, mayPublish: MayPublish, around: Surroundings): Send {
  const { aws, pools, later } = around
  const queue = arn.startsWith('arn:aws:sqs:') ? aws.sqs.get(arn) : undefined
  if (queue) return (input) => void queue.send(input)
  const pool = pools.find(({ lambda }) => lambda.arn === arn)
  if (pool) return (input) => invoke(pool, input, later)
  if (!arn.startsWith('arn:aws:sns:'))
    throw new TemplateError(
      where,
      `the local run can deliver to queues, topics and functions of the stack only, not to ${arn}`,
    )
  return (input) => {
    if (!mayPublish(arn, ruleArn))
      throw new DeliveryFailure('NO_PERMISSIONS', `The policy of ${arn} does not let events.amazonaws.com publish.`)
    publish(aws, arn, input)
  }
}

/** As EventBridge puts it into a dead-letter queue. */
function putAside(undelivered: Undelivered, ruleArn: string, aws: LocalAws, deadLetters: string | undefined): void {
  const { target, code, message, event } = undelivered
  const told = { RULE_ARN: ruleArn, TARGET_ARN: target, ERROR_CODE: code, ERROR_MESSAGE: message }
  const messageAttributes = Object.fromEntries(
    Object.entries(told).map(([name, stringValue]) => [name, { dataType: 'String', stringValue }]),
  )
  if (deadLetters !== undefined) aws.sqs.get(deadLetters)?.send(JSON.stringify(event), { messageAttributes })
}

function createTarget(
  target: unknown,
  rule: Resource,
  where: string,
  mayPublish: MayPublish,
  around: Surroundings,
): Target {
  if (!isObject(target) || typeof target.Arn !== 'string')
    throw new TemplateError(where, 'a target with an Arn was expected')
  const { aws, onUndelivered } = around
  const deadLetters = isObject(target.DeadLetterConfig) ? target.DeadLetterConfig.Arn : undefined
  const [arn, ruleArn] = [target.Arn, rule.identity.attributes.Arn ?? '']
  const [input, send] = [inputOf(target, where), sendTo(arn, ruleArn, where, mayPublish, around)]
  return {
    ...{ arn, retry: retryOf(target) },
    ...(typeof deadLetters === 'string' ? { deadLetters } : {}),
    deliver(event) {
      const matched = {
        ruleArn,
        ruleName: rule.identity.name,
        at: new Date(aws.clock.now()).toISOString().replace(/\.\d+/, ''),
      }
      try {
        send(input(event, matched))
      } catch (error) {
        if (!(error instanceof DeliveryFailure)) throw error
        const { code, message } = error
        const undelivered = { rule: ruleName(rule), target: arn, code, message, event }
        putAside(undelivered, ruleArn, aws, typeof deadLetters === 'string' ? deadLetters : undefined)
        onUndelivered(undelivered)
      }
    },
  }
}

function matcherOf(rule: Resource): Matcher {
  try {
    return compilePattern(rule.properties.EventPattern)
  } catch (error) {
    if (error instanceof PatternError) throw new TemplateError(`${rule.where}.EventPattern`, error.message)
    throw error
  }
}

const isServed = ({ properties }: Resource): boolean =>
  properties.EventPattern !== undefined && (properties.State ?? 'ENABLED') === 'ENABLED'

function createRule(rule: Resource, mayPublish: MayPublish, around: Surroundings): Rule {
  const bus = rule.properties.EventBusName ?? 'default'
  if (bus !== 'default') throw new TemplateError(`${rule.where}.EventBusName`, 'the local run has the default bus only')
  return {
    name: ruleName(rule),
    matches: matcherOf(rule),
    targets: list(rule, 'Targets').map((target, i) =>
      createTarget(target, rule, `${rule.where}.Targets[${i}]`, mayPublish, around),
    ),
  }
}

/** The enabled rules with an event pattern; schedules wait for a scheduler. @throws {TemplateError} */
export function createRules(template: Template, around: Surroundings): Rule[] {
  const mayPublish = eventsMayPublish(template)
  return template
    .resources('AWS::Events::Rule')
    .filter(isServed)
    .map((rule) => createRule(rule, mayPublish, around))
}
