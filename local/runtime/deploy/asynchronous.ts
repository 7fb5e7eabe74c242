import type { LocalAws } from '../../aws/server.ts'
import type { Role } from '../iam.ts'
import { isObject } from '../is-object.ts'
import type { InstancePool } from '../lambda/pool.ts'
import { type AsynchronousPolicy, USUAL_POLICY } from '../later.ts'
import { type Resource, type Template, TemplateError } from '../template.ts'
import { number, object, text } from './properties.ts'

const child = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined)

function policyOf(config: Resource, aws: LocalAws, role: Role | undefined): AsynchronousPolicy & { queue?: string } {
  const policy = {
    attempts: 1 + number(config, 'MaximumRetryAttempts', USUAL_POLICY.attempts - 1),
    maximumAgeMs: number(config, 'MaximumEventAgeInSeconds', USUAL_POLICY.maximumAgeMs / 1_000) * 1_000,
  }
  const destinations = object(config, 'DestinationConfig')
  if (destinations.OnSuccess !== undefined)
    throw new TemplateError(config.where, 'the local run has destinations of failures only')
  const arn = child(destinations.OnFailure, 'Destination')
  if (arn === undefined) return policy
  const queue = aws.sqs.get(String(arn))
  if (!queue) throw new TemplateError(config.where, `the destination ${arn} is no queue of the stack`)
  const decision = role?.decide({ action: 'sqs:SendMessage', resource: queue.arn }) ?? { allowed: true }
  if (!decision.allowed)
    throw new TemplateError(config.where, `the function's role does not allow sqs:SendMessage on ${queue.arn}`)
  return { ...policy, queue: queue.arn, onFailure: (record) => void queue.send(JSON.stringify(record)) }
}

/**
 * How often a function is tried that nobody waits for, and where it is told that all was in vain.
 * @param roles by logical id of the function; empty where IAM is not enforced
 * @param onDeadLetters told of the queues that are told of failures
 * @throws {TemplateError}
 */
export function asynchronousPolicies(
  template: Template,
  aws: LocalAws,
  pools: readonly InstancePool[],
  roles: ReadonlyMap<string, Role>,
  onDeadLetters: (arn: string) => void,
): ReadonlyMap<InstancePool, AsynchronousPolicy> {
  return new Map(
    template.resources('AWS::Lambda::EventInvokeConfig').map((config) => {
      const pool = pools.find(({ lambda }) => lambda.physicalName === text(config, 'FunctionName'))
      if (!pool) throw new TemplateError(`${config.where}.FunctionName`, 'it is no function of the stack')
      const policy = policyOf(config, aws, roles.get(pool.lambda.logicalId))
      if (policy.queue !== undefined) onDeadLetters(policy.queue)
      return [pool, policy]
    }),
  )
}
