import type * as sqs from '@aws-sdk/client-sqs'
import { AwsError } from '../error.ts'
import type { Handler } from '../service.ts'
import { md5, md5OfAttributes } from './md5.ts'
import { toSend } from './messages.ts'
import type { Queues } from './state.ts'

const MOST_ENTRIES = 10
const MOST_BYTES = 1_048_576
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/

function checkEntries(entries: readonly { Id: string | undefined }[]): void {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.')
  if (entries.length > MOST_ENTRIES)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
    )
  const ids = entries.map(({ Id }) => Id ?? '')
  if (!ids.every((id) => ENTRY_ID.test(id)))
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    )
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${twice} repeated.`)
}

/** Does each entry on its own: what one entry does wrong is its own failure. */
function each<E extends { Id: string | undefined }, R extends object>(entries: readonly E[], act: (entry: E) => R) {
  checkEntries(entries)
  const Successful: (R & { Id: string })[] = []
  const Failed: sqs.BatchResultErrorEntry[] = []
  for (const entry of entries) {
    const Id = entry.Id ?? ''
    try {
      Successful.push({ Id, ...act(entry) })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      Failed.push({ Id, SenderFault: true, Code: error.code, Message: error.message })
    }
  }
  return { Successful, Failed }
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html */
export function batchHandlers(queues: Queues): Record<string, Handler> {
  return {
    SendMessageBatch: ({ QueueUrl = '', Entries = [] }: sqs.SendMessageBatchRequest) => {
      const queue = queues.need(QueueUrl)
      checkEntries(Entries)
      const total = Entries.reduce((sum, entry) => sum + Buffer.byteLength(entry.MessageBody ?? ''), 0)
      if (total > MOST_BYTES)
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${MOST_BYTES} bytes. You have sent ${total} bytes.`,
        )
      return each(Entries, (entry) => {
        const { body, options } = toSend(entry, queue.settings.maximumMessageBytes)
        return {
          MessageId: queue.send(body, options),
          MD5OfMessageBody: md5(body),
          MD5OfMessageAttributes: md5OfAttributes(options.messageAttributes ?? {}),
        }
      })
    },
    DeleteMessageBatch: ({ QueueUrl = '', Entries = [] }: sqs.DeleteMessageBatchRequest) => {
      const queue = queues.need(QueueUrl)
      return each(Entries, ({ ReceiptHandle = '' }) => {
        queue.delete(ReceiptHandle)
        return {}
      })
    },
    ChangeMessageVisibilityBatch: ({ QueueUrl = '', Entries = [] }: sqs.ChangeMessageVisibilityBatchRequest) => {
      const queue = queues.need(QueueUrl)
      return each(Entries, ({ ReceiptHandle = '', VisibilityTimeout = 0 }) => {
        queue.changeVisibility(ReceiptHandle, VisibilityTimeout)
        return {}
      })
    },
  }
}
