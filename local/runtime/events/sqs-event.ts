import type { QueueMessage } from '../../aws/queue.ts'

export type SqsRecord = {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
  readonly messageAttributes: Readonly<Record<string, object>>
  readonly md5OfBody: string
  readonly eventSource: 'aws:sqs'
  readonly eventSourceARN: string
  readonly awsRegion: string
}

const attributesOf = (attributes: QueueMessage['messageAttributes']): Record<string, object> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      {
        ...(stringValue === undefined ? {} : { stringValue }),
        ...(binaryValue === undefined ? {} : { binaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType,
      },
    ]),
  )

/** A message as a function gets it. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export const sqsRecord = (message: QueueMessage, queueArn: string): SqsRecord => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: message.attributes,
  messageAttributes: attributesOf(message.messageAttributes),
  md5OfBody: message.md5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: queueArn.split(':')[3] ?? '',
})
