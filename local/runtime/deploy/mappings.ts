import type { LocalAws, Queue } from '../../aws/server.ts'
import { messageFilter } from '../events/filter.ts'
import type { Role } from '../iam.ts'
import { isObject } from '../is-object.ts'
import type { InstancePool } from '../lambda/pool.ts'
import type { Mapping } from '../poller.ts'
import { type Resource, type Template, TemplateError } from '../template.ts'
import { list, number, object, text } from './properties.ts'

/** What Lambda itself calls with the function's role. */
const POLLING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']
const DEFAULT_BATCH = 10
/** Lambda starts with five pollers where nothing else is said. */
const DEFAULT_CONCURRENCY = 5

export type MappedFunction = { readonly mapping: Mapping; readonly pool: InstancePool }

const isNamed = (given: string, { lambda }: InstancePool): boolean =>
  [lambda.physicalName, lambda.arn].some((name) => given === name || given.startsWith(`${name}:`))

function checkRole(mapping: Resource, role: Role | undefined, queue: Queue): void {
  for (const action of POLLING) {
    const decision = role?.decide({ action, resource: queue.arn }) ?? { allowed: true }
    if (!decision.allowed)
      throw new TemplateError(mapping.where, `the function's role does not allow ${action} on ${queue.arn}`)
  }
}

/** Limits that Lambda checks when the mapping is created. */
function checkLimits(mapping: Resource, queue: Resource, pool: InstancePool): void {
  const batchSize = number(mapping, 'BatchSize', DEFAULT_BATCH)
  if (batchSize > DEFAULT_BATCH && number(mapping, 'MaximumBatchingWindowInSeconds', 0) < 1)
    throw new TemplateError(mapping.where, 'a BatchSize over 10 needs a MaximumBatchingWindowInSeconds of at least 1')
  const visibility = number(queue, 'VisibilityTimeout', 30)
  if (visibility * 1000 < pool.lambda.timeoutMs)
    throw new TemplateError(
      mapping.where,
      `the queue's visibility timeout of ${visibility} s is less than the function's timeout of ${pool.lambda.timeoutMs / 1000} s`,
    )
}

function filterPatterns(mapping: Resource): string[] {
  const { Filters: filters = [] } = object(mapping, 'FilterCriteria')
  if (!Array.isArray(filters)) throw new TemplateError(`${mapping.where}.FilterCriteria`, 'Filters is not a list')
  return filters.map((filter) => String(isObject(filter) ? filter.Pattern : ''))
}

function createMapping(mapping: Resource, queue: Queue, pool: InstancePool): Mapping {
  const concurrency = object(mapping, 'ScalingConfig')
  return {
    queue,
    invoke: (payload) => pool.invoke(payload),
    batchSize: number(mapping, 'BatchSize', DEFAULT_BATCH),
    gathers: number(mapping, 'MaximumBatchingWindowInSeconds', 0) > 0,
    maxConcurrency: number(mapping, 'MaximumConcurrency', DEFAULT_CONCURRENCY, concurrency),
    reportsFailures: list(mapping, 'FunctionResponseTypes').includes('ReportBatchItemFailures'),
    filter: messageFilter(filterPatterns(mapping)),
  }
}

/**
 * The enabled SQS event source mappings of the template.
 * @param roles by logical id of the function; empty where IAM is not enforced
 * @throws {TemplateError} for a mapping that Lambda would refuse, or whose role may not read the queue
 */
export function createMappings(
  template: Template,
  aws: LocalAws,
  pools: readonly InstancePool[],
  roles: ReadonlyMap<string, Role>,
): MappedFunction[] {
  const queues = template.resources('AWS::SQS::Queue')
  const enabled = template
    .resources('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => String(properties.Enabled ?? true) === 'true')
  return enabled.map((mapping) => {
    const source = text(mapping, 'EventSourceArn')
    const queue = aws.sqs.get(source)
    const resource = queues.find(({ identity }) => identity.attributes.Arn === source)
    const pool = pools.find((candidate) => isNamed(text(mapping, 'FunctionName'), candidate))
    if (!queue || !resource)
      throw new TemplateError(`${mapping.where}.EventSourceArn`, `${source} is no queue of the stack`)
    if (!pool) throw new TemplateError(`${mapping.where}.FunctionName`, 'it is no function of the stack')
    checkRole(mapping, roles.get(pool.lambda.logicalId), queue)
    checkLimits(mapping, resource, pool)
    return { mapping: createMapping(mapping, queue, pool), pool }
  })
}
