import type { Message, MessageAttributeValue, ReceiveMessageRequest, SendMessageRequest } from '@aws-sdk/client-sqs'
import { AwsError } from '../error.ts'
import type { QueueMessage, SendOptions } from '../queue.ts'
import { md5OfAttributes } from './md5.ts'

type Attributes = QueueMessage['messageAttributes']

// Everything that XML 1.0 has; SQS refuses the rest.
// biome-ignore lint/suspicious/noControlCharactersInRegex: tab, line feed and carriage return are allowed
const ALLOWED = /^[\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u
const ATTRIBUTE_NAME = /^(?!aws\.|amazon\.)[A-Za-z0-9_.-]{1,256}$/i
const DATA_TYPE = /^(String|Number|Binary)(\..+)?$/
const MOST_ATTRIBUTES = 10

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message)

function toAttribute(name: string, { DataType, StringValue, BinaryValue }: MessageAttributeValue): Attributes[string] {
  if (!ATTRIBUTE_NAME.test(name)) throw invalid(`The message attribute name '${name}' is invalid.`)
  if (!DataType || !DATA_TYPE.test(DataType))
    throw invalid(`The type of message attribute '${name}' is invalid. You must use only the supported types.`)
  const isBinary = DataType.startsWith('Binary')
  if (isBinary ? !BinaryValue?.length : !StringValue)
    throw invalid(`The message attribute '${name}' must contain non-empty message attribute value.`)
  if (isBinary) return { dataType: DataType, binaryValue: Buffer.from(BinaryValue ?? []).toString('base64') }
  return { dataType: DataType, stringValue: StringValue }
}

const sizeOf = (body: string, attributes: Attributes): number =>
  Object.entries(attributes).reduce((sum, [name, { dataType, stringValue, binaryValue }]) => {
    const value = binaryValue ? Buffer.byteLength(binaryValue, 'base64') : Buffer.byteLength(stringValue ?? '')
    return sum + Buffer.byteLength(name) + Buffer.byteLength(dataType) + value
  }, Buffer.byteLength(body))

type Sendable = Pick<
  SendMessageRequest,
  'MessageBody' | 'MessageAttributes' | 'MessageSystemAttributes' | 'DelaySeconds' | 'MessageGroupId'
>

/** What SendMessage was given, as the queue takes it, and its size in bytes. @throws AwsError InvalidMessageContents and others */
export function toSend(message: Sendable, limitBytes: number): { body: string; options: SendOptions; size: number } {
  const body = message.MessageBody ?? ''
  if (body === '')
    throw new AwsError('MissingRequiredParameterException', 'The request must contain the parameter MessageBody.')
  if (!ALLOWED.test(body))
    throw new AwsError('InvalidMessageContents', 'The message contains characters outside the allowed set.')
  const delay = message.DelaySeconds
  if (delay !== undefined && (delay < 0 || delay > 900))
    throw invalid(`Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`)
  const entries = Object.entries(message.MessageAttributes ?? {})
  if (entries.length > MOST_ATTRIBUTES)
    throw invalid(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`)
  const messageAttributes = Object.fromEntries(entries.map(([name, value]) => [name, toAttribute(name, value)]))
  const size = sizeOf(body, messageAttributes)
  if (size > limitBytes)
    throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${limitBytes} bytes.`)
  const trace = message.MessageSystemAttributes?.AWSTraceHeader?.StringValue
  const systemAttributes: Record<string, string> = {
    ...(trace && { AWSTraceHeader: trace }),
    ...(message.MessageGroupId && { MessageGroupId: message.MessageGroupId }),
  }
  return { body, options: { delaySeconds: delay, messageAttributes, systemAttributes }, size }
}

const isWanted = (name: string, wanted: readonly string[]): boolean =>
  wanted.some((want) => {
    if (want === 'All' || want === '.*' || want === name) return true
    return want.endsWith('.*') && name.startsWith(want.slice(0, -1))
  })

/** A received message as ReceiveMessage answers it: only the attributes that were asked for. */
export function toMessage(message: QueueMessage, request: ReceiveMessageRequest): Message {
  const system = [...(request.MessageSystemAttributeNames ?? []), ...(request.AttributeNames ?? [])]
  const attributes = Object.entries(message.attributes).filter(([name]) => isWanted(name, system))
  const chosen = Object.entries(message.messageAttributes).filter(([name]) =>
    isWanted(name, request.MessageAttributeNames ?? []),
  )
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
    ...(chosen.length > 0 && {
      MD5OfMessageAttributes: md5OfAttributes(Object.fromEntries(chosen)),
      MessageAttributes: Object.fromEntries(chosen.map(([name, value]) => [name, toValue(value)])),
    }),
  }
}

const toValue = ({ dataType, stringValue, binaryValue }: Attributes[string]): MessageAttributeValue => ({
  DataType: dataType,
  ...(binaryValue === undefined ? { StringValue: stringValue } : { BinaryValue: Buffer.from(binaryValue, 'base64') }),
})
