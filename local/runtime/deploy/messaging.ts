import type { LocalAws } from '../../aws/server.ts'
import { isObject } from '../is-object.ts'
import { type Resource, type Template, TemplateError } from '../template.ts'
import { text } from './properties.ts'

/** Queue properties that are queue attributes of the same name. */
const ATTRIBUTES = [
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'SqsManagedSseEnabled',
]

export const deadLetterArn = (redrivePolicy: unknown): string | undefined => {
  const arn = isObject(redrivePolicy) ? redrivePolicy.deadLetterTargetArn : undefined
  return typeof arn === 'string' ? arn : undefined
}

function attributesOf({ properties }: Resource): Record<string, string> {
  const plain = ATTRIBUTES.filter((name) => properties[name] !== undefined)
  const attributes = Object.fromEntries(plain.map((name) => [name, String(properties[name])]))
  return properties.RedrivePolicy
    ? { ...attributes, RedrivePolicy: JSON.stringify(properties.RedrivePolicy) }
    : attributes
}

/** A dead-letter queue must be there before the queue that names it. */
function deadLettersFirst(queues: readonly Resource[]): Resource[] {
  const byArn = new Map(queues.map((queue) => [queue.identity.attributes.Arn, queue]))
  const ordered = new Set<Resource>()
  const add = (queue: Resource): void => {
    const first = byArn.get(deadLetterArn(queue.properties.RedrivePolicy) ?? '')
    if (first && first !== queue && !ordered.has(first)) add(first)
    ordered.add(queue)
  }
  for (const queue of queues) add(queue)
  return [...ordered]
}

function createSubscription(subscription: Resource, aws: LocalAws): void {
  const { FilterPolicy, FilterPolicyScope, RedrivePolicy, RawMessageDelivery, Protocol } = subscription.properties
  // People are not reached from here; their subscriptions need no local counterpart.
  if (Protocol !== 'sqs') return
  aws.sns.subscribe(text(subscription, 'TopicArn'), {
    protocol: 'sqs',
    endpoint: text(subscription, 'Endpoint'),
    raw: String(RawMessageDelivery) === 'true',
    ...(isObject(FilterPolicy) ? { filterPolicy: FilterPolicy } : {}),
    ...(typeof FilterPolicyScope === 'string' ? { filterPolicyScope: FilterPolicyScope } : {}),
    ...(isObject(RedrivePolicy) ? { redrivePolicy: RedrivePolicy } : {}),
  })
}

function deployQueue(queue: Resource, aws: LocalAws, isThere: boolean): void {
  if (queue.properties.FifoQueue) throw new TemplateError(queue.where, 'the local run has no FIFO queues yet')
  const { ref: QueueUrl, name } = queue.identity
  if (!isThere) aws.sqs.create(name, attributesOf(queue))
  else aws.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: attributesOf(queue) })
}

/**
 * Creates the queues, topics and subscriptions of the template.
 * @param isThere whether a resource was deployed before
 * @returns the ARNs of the dead-letter queues of queues and subscriptions
 */
export function deployMessaging(
  template: Template,
  aws: LocalAws,
  isThere: (logicalId: string) => boolean,
): Set<string> {
  const queues = template.resources('AWS::SQS::Queue')
  for (const queue of deadLettersFirst(queues)) deployQueue(queue, aws, isThere(queue.logicalId))
  for (const topic of template.resources('AWS::SNS::Topic')) aws.sns.createTopic(topic.identity.name)
  const subscriptions = template.resources('AWS::SNS::Subscription')
  for (const subscription of subscriptions) createSubscription(subscription, aws)
  const arns = [...queues, ...subscriptions].map(({ properties }) => deadLetterArn(properties.RedrivePolicy))
  return new Set(arns.filter((arn) => arn !== undefined))
}
