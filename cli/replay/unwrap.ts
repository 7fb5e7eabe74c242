/** What was found in a file: the text that a function would be handed, and where it came from. */
export type Found = {
  readonly body: string
  /** Of the queue or topic that it went through. */
  readonly arn?: string | undefined
  /** Whether Lambda was handed it together with the others of its document. */
  readonly isBatch?: boolean
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/**
 * A message of SQS, as Lambda is handed it or as `aws sqs receive-message` prints it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
function messageIn(value: Fields): { readonly body: string; readonly arn: string | undefined } | undefined {
  const body = textOf(value.body) ?? textOf(value.Body)
  const isMessage = textOf(value.messageId) ?? textOf(value.MessageId) ?? textOf(value.receiptHandle)
  return body === undefined || isMessage === undefined ? undefined : { body, arn: textOf(value.eventSourceARN) }
}

/**
 * A notification of SNS, as it puts it on a queue that does not want it raw.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
 */
function notificationIn(value: Fields): { readonly body: string; readonly arn: string | undefined } | undefined {
  const { Type, Message, TopicArn } = value
  return Type === 'Notification' && typeof Message === 'string' ? { body: Message, arn: textOf(TopicArn) } : undefined
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** What is inside an envelope; what is in none is what a function is handed. */
function opened({ body, arn, isBatch = false }: Found, value: unknown): Found[] {
  const inner = isFields(value) ? (messageIn(value) ?? notificationIn(value)) : undefined
  if (inner === undefined) return [{ body, arn, isBatch }]
  return opened({ ...inner, arn: arn ?? inner.arn, isBatch }, parsed(inner.body))
}

const single = (value: unknown, isBatch = false): Found[] => opened({ body: JSON.stringify(value), isBatch }, value)

/** Lambda names what it hands over from SNS otherwise. */
const recordIn = (record: unknown): unknown =>
  isFields(record) && isFields(record.Sns) ? { Type: 'Notification', ...record.Sns } : record

/**
 * The events of a document: an event, an array of them, the batch that a function is handed, the messages that
 * `aws sqs receive-message` prints, or one of them, with whatever envelope is around each.
 */
export function unwrap(value: unknown): readonly Found[] {
  if (Array.isArray(value)) return value.flatMap((one) => unwrap(one))
  const { Records, Messages } = isFields(value) ? value : {}
  if (Array.isArray(Records)) return Records.flatMap((record) => single(recordIn(record), true))
  if (Array.isArray(Messages)) return Messages.flatMap((message) => single(message))
  return single(value)
}
