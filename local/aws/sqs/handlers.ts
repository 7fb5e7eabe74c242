import type * as sqs from '@aws-sdk/client-sqs'
import { AwsError } from '../error.ts'
import type { QueueMessage, StoredQueue } from '../queue.ts'
import type { CallContext, Handler } from '../service.ts'
import { md5, md5OfAttributes } from './md5.ts'
import { toMessage, toSend } from './messages.ts'
import type { Queues } from './state.ts'

/** How often (ms of the machine) a long poll looks at the virtual clock, which may jump. */
const LOOK_AGAIN = 20
const MOST_IN_FLIGHT = 120_000

function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new AwsError(
    'InvalidParameterValueException',
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
  )
}

/** Waits for messages until `deadline` (ms on the virtual clock), the end of the call, or a message. */
async function longPoll(
  queue: StoredQueue,
  take: () => QueueMessage[],
  deadline: number,
  now: () => number,
  ended: AbortSignal,
): Promise<QueueMessage[]> {
  while (!ended.aborted) {
    const messages = take()
    if (messages.length > 0 || now() >= deadline) return messages
    await queue.arrival(LOOK_AGAIN)
  }
  // Nobody is there any more to be given a message, which would then be hidden in vain.
  return []
}

/** The operations on one message and on queues. */
export function queueHandlers(queues: Queues): Record<string, Handler> {
  return {
    CreateQueue: ({ QueueName, Attributes }: sqs.CreateQueueRequest) => ({
      QueueUrl: queues.create(QueueName ?? '', Attributes).url,
    }),
    GetQueueUrl: ({ QueueName }: sqs.GetQueueUrlRequest) => ({ QueueUrl: queues.need(QueueName ?? '').url }),
    ListQueues: ({ QueueNamePrefix = '' }: sqs.ListQueuesRequest) => ({
      QueueUrls: queues.list().flatMap(({ name, url }) => (name.startsWith(QueueNamePrefix) ? [url] : [])),
    }),
    DeleteQueue: ({ QueueUrl = '' }: sqs.DeleteQueueRequest) => queues.delete(QueueUrl),
    PurgeQueue: ({ QueueUrl = '' }: sqs.PurgeQueueRequest) => queues.need(QueueUrl).purge(),
    GetQueueAttributes: ({ QueueUrl = '', AttributeNames = [] }: sqs.GetQueueAttributesRequest) => {
      const wanted: readonly string[] = AttributeNames
      const all = Object.entries(queues.attributes(QueueUrl))
      const chosen = all.filter(([name]) => wanted.includes('All') || wanted.includes(name))
      return chosen.length > 0 ? { Attributes: Object.fromEntries(chosen) } : {}
    },
    SetQueueAttributes: ({ QueueUrl = '', Attributes = {} }: sqs.SetQueueAttributesRequest) =>
      queues.setAttributes(QueueUrl, Attributes as Record<string, string>),
    SendMessage: (request: sqs.SendMessageRequest) => {
      const queue = queues.need(request.QueueUrl ?? '')
      const { body, options } = toSend(request, queue.settings.maximumMessageBytes)
      return {
        MessageId: queue.send(body, options),
        MD5OfMessageBody: md5(body),
        MD5OfMessageAttributes: md5OfAttributes(options.messageAttributes ?? {}),
      }
    },
    ReceiveMessage: (request: sqs.ReceiveMessageRequest, context: CallContext) => receive(queues, request, context),
    DeleteMessage: ({ QueueUrl = '', ReceiptHandle = '' }: sqs.DeleteMessageRequest) =>
      queues.need(QueueUrl).delete(ReceiptHandle),
    ChangeMessageVisibility: (request: sqs.ChangeMessageVisibilityRequest) => {
      const seconds = inRange('VisibilityTimeout', request.VisibilityTimeout ?? 0, 0, 43_200)
      queues.need(request.QueueUrl ?? '').changeVisibility(request.ReceiptHandle ?? '', seconds)
    },
  }
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
async function receive(
  queues: Queues,
  request: sqs.ReceiveMessageRequest,
  { ended }: CallContext,
): Promise<sqs.ReceiveMessageResult> {
  const queue = queues.need(request.QueueUrl ?? '')
  const max = inRange('MaxNumberOfMessages', request.MaxNumberOfMessages ?? 1, 1, 10)
  const hidden = request.VisibilityTimeout ?? queue.settings.visibilityTimeoutSeconds
  const wait = request.WaitTimeSeconds ?? queue.settings.waitSeconds
  inRange('VisibilityTimeout', hidden, 0, 43_200)
  inRange('WaitTimeSeconds', wait, 0, 20)
  if (queue.depth().hidden >= MOST_IN_FLIGHT)
    throw new AwsError('OverLimit', 'There are too many messages in flight.', 403)
  const deadline = queues.now() + wait * 1000
  const messages = await longPoll(
    queue,
    () => queue.receive(max, hidden),
    deadline,
    () => queues.now(),
    ended,
  )
  return messages.length > 0 ? { Messages: messages.map((message) => toMessage(message, request)) } : {}
}
