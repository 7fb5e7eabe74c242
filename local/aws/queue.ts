import type { Clock } from '../clock.ts'
import { Contents } from './sqs/contents.ts'

/** A message as `receive` hands it out. `attributes` are the system attributes of ReceiveMessage. */
export type QueueMessage = {
  messageId: string
  receiptHandle: string
  body: string
  attributes: Record<string, string>
  messageAttributes: Record<string, { dataType: string; stringValue?: string; binaryValue?: string }>
  md5OfBody: string
}

export type SendOptions = {
  delaySeconds?: number
  messageAttributes?: QueueMessage['messageAttributes']
  /** System attributes to keep, such as AWSTraceHeader. */
  systemAttributes?: Record<string, string>
}

/** What a standard queue is, apart from its contents. All of it can be changed while the queue is in use. */
export type QueueSettings = {
  visibilityTimeoutSeconds: number
  delaySeconds: number
  retentionSeconds: number
  /** How long a ReceiveMessage without WaitTimeSeconds waits. */
  waitSeconds: number
  maximumMessageBytes: number
  redrive?: { deadLetterTargetArn: string; maxReceiveCount: number }
}

/** In-process face of a standard SQS queue; the HTTP face works on the same object. */
export type Queue = {
  name: string
  arn: string
  url: string
  /** Puts a message in and returns its id. */
  send(body: string, options?: SendOptions): string
  /** Hands out up to `max` visible messages, hides them for the visibility timeout and counts the receive. */
  receive(max: number, visibilityTimeoutSeconds?: number): QueueMessage[]
  /** @throws AwsError ReceiptHandleIsInvalid. Deleting what is gone, or with an older handle, is not an error. */
  delete(receiptHandle: string): void
  /** @throws AwsError ReceiptHandleIsInvalid, MessageNotInflight */
  changeVisibility(receiptHandle: string, seconds: number): void
  /** The earliest instant (ms) at which something can be received; `undefined` when the queue is empty. */
  nextVisibleAt(): number | undefined
  depth(): { visible: number; hidden: number }
  /** All messages, oldest first, without receiving them. */
  peek(): readonly QueueMessage[]
}

/** What only the SQS emulation itself needs of a queue. */
export type StoredQueue = Queue & {
  settings: QueueSettings
  /** Messages that were delayed and have never been visible; part of `depth().hidden`. */
  delayed(): number
  purge(): void
  /** Takes in a message of another queue, with its id and its age. */
  accept(message: Entry): void
  /** Resolves at the next send, or after `ms` of the machine, whichever comes first. */
  arrival(ms: number): Promise<void>
}

export type Entry = {
  id: string
  body: string
  md5OfBody: string
  messageAttributes: QueueMessage['messageAttributes']
  systemAttributes: Record<string, string>
  sentAt: number
  firstReceivedAt?: number
  receiveCount: number
  visibleAt: number
  /** Grows whenever the message moves, so that older places of it in a heap are recognised. */
  version: number
  state: 'ready' | 'hidden' | 'gone'
}

export type QueueParts = {
  name: string
  arn: string
  url: string
  settings: QueueSettings
  clock: Clock
  accountId: string
  deadLetterQueue(arn: string): StoredQueue | undefined
}

/**
 * A standard queue on the virtual clock: visibility timeout, delay, receive count, redrive and retention.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export function createQueue(parts: QueueParts): StoredQueue {
  const contents = new Contents(parts)
  return {
    name: parts.name,
    arn: parts.arn,
    url: parts.url,
    settings: parts.settings,
    send: (body, options) => contents.send(body, options),
    receive: (max, seconds) => contents.receive(max, seconds ?? parts.settings.visibilityTimeoutSeconds),
    delete: (handle) => contents.delete(handle),
    changeVisibility: (handle, seconds) => contents.changeVisibility(handle, seconds),
    nextVisibleAt: () => contents.nextVisibleAt(),
    depth: () => contents.depth(),
    delayed: () => contents.delayed(),
    peek: () => contents.peek(),
    purge: () => contents.purge(),
    accept: (entry) => contents.accept(entry),
    arrival: (ms) => contents.arrival(ms),
  }
}
