import type { SQSRecord } from 'aws-lambda'

/** A receive at which nobody waits any longer for what may come later: it is decided by what is known now. */
const RECEIVES = '10'

/** A record as a function is handed it. */
export const toRecord = (body: string, messageId: string): SQSRecord => ({
  messageId,
  receiptHandle: messageId,
  body,
  attributes: {
    ApproximateReceiveCount: RECEIVES,
    SentTimestamp: '0',
    SenderId: 'replay',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: '',
  awsRegion: '',
})
