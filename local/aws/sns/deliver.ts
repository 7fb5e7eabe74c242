import type { Queues } from '../sqs/state.ts'
import type { Publication, Subscription } from './types.ts'

type Delivery = { messageId: string /** ms */; at: number /** origin of the server */; url: string }

/** SQS takes ten attributes; a raw message with more is a client-side error and goes to the dead-letter queue. */
const MOST_ATTRIBUTES = 10

/** The text for a protocol when the message is one JSON object with a text per protocol. */
export function bodyFor(protocol: string, { message, messageStructure }: Publication): string {
  if (messageStructure !== 'json') return message
  const bodies = JSON.parse(message) as Record<string, string>
  return bodies[protocol] ?? bodies.default ?? ''
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
function envelope(publication: Publication, subscription: Subscription, { messageId, at, url }: Delivery): string {
  const attributes = Object.entries(publication.attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
    name,
    { Type: dataType, Value: stringValue ?? binaryValue },
  ])
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: publication.topicArn,
    ...(publication.subject !== undefined && { Subject: publication.subject }),
    Message: bodyFor('sqs', publication),
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: '1',
    // The local AWS signs nothing: it has no certificate that a client would trust.
    Signature: 'bm90IHNpZ25lZA==',
    SigningCertURL: `${url}/SimpleNotificationService.pem`,
    UnsubscribeURL: `${url}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
  })
}

function deadLetterQueueOf({ attributes }: Subscription): string | undefined {
  if (!attributes.RedrivePolicy) return undefined
  const { deadLetterTargetArn } = JSON.parse(attributes.RedrivePolicy) as { deadLetterTargetArn?: string }
  return deadLetterTargetArn
}

/** Puts a message into the queue of a subscription, or into its dead-letter queue when that queue is gone. */
export function deliver(
  queues: Queues,
  subscription: Subscription,
  publication: Publication,
  delivery: Delivery,
): void {
  const isRaw = subscription.attributes.RawMessageDelivery?.toLowerCase() === 'true'
  const body = isRaw ? bodyFor('sqs', publication) : envelope(publication, subscription, delivery)
  const messageAttributes = isRaw ? publication.attributes : {}
  const fits = Object.keys(messageAttributes).length <= MOST_ATTRIBUTES
  const queue = fits ? queues.get(subscription.endpoint) : undefined
  const instead = deadLetterQueueOf(subscription)
  const target = queue ?? (instead === undefined ? undefined : queues.get(instead))
  target?.send(body, { messageAttributes: fits ? messageAttributes : {} })
}
