import type { Queue } from '../notify/ports.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

/** SQS hides a record for 12 hours at most, counted from when it was received: one minute is kept for that. Seconds. */
const LONGEST = 12 * 3_600 - 60

/**
 * The queue that a record came from. Where the delay cannot be set, the record comes again after the queue's own
 * visibility timeout: nothing is lost by it.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
export const recordQueue = (aws: AwsCall, url: string): Queue => ({
  async delay(receiptHandle, seconds) {
    const timeout = Math.min(Math.max(Math.ceil(seconds), 1), LONGEST)
    await aws('sqs', 'ChangeMessageVisibility', {
      QueueUrl: url,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: timeout,
    }).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
    })
  },
})
