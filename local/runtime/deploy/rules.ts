import { compilePattern, type Matcher, PatternError } from '../../../cli/replay/pattern/matcher.ts'
import type { LocalAws } from '../../aws/server.ts'
import { isObject } from '../is-object.ts'
import type { InstancePool } from '../lambda/pool.ts'
import { type Resource, type Template, TemplateError } from '../template.ts'
import { ruleName } from './names.ts'
import { list } from './properties.ts'

export type RetryPolicy = { readonly maximumAgeSeconds: number; readonly maximumAttempts: number }

export type Target = {
  readonly deliver: (event: object) => void
  readonly arn: string
  /** ARN of the queue for events that cannot be delivered. */
  readonly deadLetters?: string
  readonly retry: RetryPolicy
}

export type Rule = { readonly name: string; readonly matches: Matcher; readonly targets: readonly Target[] }

/** Runs a function for an event that nobody waits for. */
export type InvokeLater = (pool: InstancePool, event: object) => void

/** EventBridge's own defaults. */
const DEFAULT_RETRY = { maximumAgeSeconds: 86_400, maximumAttempts: 185 }

function inputOf(target: Record<string, unknown>, where: string): (event: object) => string {
  const unknown = ['InputPath', 'InputTransformer'].find((name) => target[name] !== undefined)
  if (unknown !== undefined) throw new TemplateError(where, `the local run does not know ${unknown}`)
  const { Input: input } = target
  return typeof input === 'string' ? () => input : (event) => JSON.stringify(event)
}

function retryOf(target: Record<string, unknown>): RetryPolicy {
  const given = isObject(target.RetryPolicy) ? target.RetryPolicy : {}
  return {
    maximumAgeSeconds: Number(given.MaximumEventAgeInSeconds ?? DEFAULT_RETRY.maximumAgeSeconds),
    maximumAttempts: Number(given.MaximumRetryAttempts ?? DEFAULT_RETRY.maximumAttempts),
  }
}

type Surroundings = { readonly aws: LocalAws; readonly pools: readonly InstancePool[]; readonly later: InvokeLater }

function deliveryTo(
  arn: string,
  input: (event: object) => string,
  where: string,
  around: Surroundings,
): Target['deliver'] {
  const queue = arn.startsWith('arn:aws:sqs:') ? around.aws.sqs.get(arn) : undefined
  if (queue) return (event) => void queue.send(input(event))
  const pool = around.pools.find(({ lambda }) => lambda.arn === arn)
  if (pool) return (event) => around.later(pool, JSON.parse(input(event)))
  throw new TemplateError(where, `the local run can deliver to queues and functions of the stack only, not to ${arn}`)
}

function createTarget(target: unknown, where: string, around: Surroundings): Target {
  if (!isObject(target) || typeof target.Arn !== 'string')
    throw new TemplateError(where, 'a target with an Arn was expected')
  const deadLetters = isObject(target.DeadLetterConfig) ? target.DeadLetterConfig.Arn : undefined
  return {
    arn: target.Arn,
    deliver: deliveryTo(target.Arn, inputOf(target, where), where, around),
    retry: retryOf(target),
    ...(typeof deadLetters === 'string' ? { deadLetters } : {}),
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

function createRule(rule: Resource, around: Surroundings): Rule {
  const bus = rule.properties.EventBusName ?? 'default'
  if (bus !== 'default') throw new TemplateError(`${rule.where}.EventBusName`, 'the local run has the default bus only')
  return {
    name: ruleName(rule),
    matches: matcherOf(rule),
    targets: list(rule, 'Targets').map((target, i) => createTarget(target, `${rule.where}.Targets[${i}]`, around)),
  }
}

/** The enabled rules with an event pattern; schedules wait for a scheduler. @throws {TemplateError} */
export const createRules = (template: Template, around: Surroundings): Rule[] =>
  template
    .resources('AWS::Events::Rule')
    .filter(isServed)
    .map((rule) => createRule(rule, around))
