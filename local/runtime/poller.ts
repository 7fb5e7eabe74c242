import type { Queue, QueueMessage } from '../aws/queue.ts'
import { readBatchResponse } from './events/batch-response.ts'
import type { MessageFilter } from './events/filter.ts'
import { sqsRecord } from './events/sqs-event.ts'
import type { Completed } from './lambda/instance.ts'
import { MOST_BYTES } from './runtime-api.ts'

/** An SQS event source mapping. */
export type Mapping = {
  readonly queue: Queue
  readonly invoke: (payload: string) => Promise<Completed>
  readonly batchSize: number
  /** Whether there is a batching window. */
  readonly gathers: boolean
  readonly maxConcurrency: number
  readonly reportsFailures: boolean
  readonly filter: MessageFilter
}

export type BatchDone = {
  readonly records: readonly unknown[]
  readonly completed: Completed
  readonly failures: readonly string[]
  readonly problem?: string
}

/** Receives before the local run gives up on a message that no redrive policy takes away. */
export const MOST_RECEIVES = 1_000
/** SQS hands out ten messages at a time, and so does the poller, to stay within the payload that Lambda takes. */
const RECEIVE_AT_ONCE = 10
/** For the rest of a record in the payload. */
const OVERHEAD_BYTES = 2_048

const sizeOf = ({ body }: QueueMessage): number => Buffer.byteLength(body) + OVERHEAD_BYTES

/** A queue that would be polled for ever. */
export class EndlessQueue extends Error {
  override readonly name = 'EndlessQueue'
}

/**
 * Takes batches from a queue to a function as Lambda's pollers do. A message that fails is left alone: it comes back
 * when its visibility ends, be that the queue's timeout or what the function has set for it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export class Poller {
  readonly mapping: Mapping
  readonly #onDone: (done: BatchDone) => void
  /** Received, but too large for the batch before. */
  #held: QueueMessage[] = []
  #running = 0

  constructor(mapping: Mapping, onDone: (done: BatchDone) => void) {
    this.mapping = mapping
    this.#onDone = onDone
  }

  /** Whether an invocation could start now; with `patient`, one that has a batching window waits for a full batch. */
  isReady(patient: boolean): boolean {
    const { queue, batchSize, gathers, maxConcurrency } = this.mapping
    if (this.#running >= maxConcurrency) return false
    const waiting = this.#held.length + queue.depth().visible
    return gathers && patient ? waiting >= batchSize : waiting > 0
  }

  /**
   * Starts one invocation; it ends when its clean-up is done. `undefined`: no message was left to invoke for.
   * @throws {EndlessQueue}
   */
  start(): Promise<void> | undefined {
    const batch = this.#gather()
    if (batch.length === 0) return undefined
    this.#running += 1
    return this.#run(batch).finally(() => {
      this.#running -= 1
    })
  }

  async #run(batch: readonly QueueMessage[]): Promise<void> {
    const { queue, invoke } = this.mapping
    const records = batch.map((message) => sqsRecord(message, queue.arn))
    const completed = await invoke(JSON.stringify({ Records: records }))
    const { failures, problem } = this.#judge(batch, completed)
    const failed = new Set(failures)
    for (const message of batch) if (!failed.has(message.messageId)) queue.delete(message.receiptHandle)
    this.#onDone({ records, completed, failures, ...(problem === undefined ? {} : { problem }) })
  }

  #judge(
    batch: readonly QueueMessage[],
    { response, error }: Completed,
  ): { failures: readonly string[]; problem?: string } {
    const ids = batch.map(({ messageId }) => messageId)
    if (error || response === undefined) return { failures: ids }
    return this.mapping.reportsFailures ? readBatchResponse(response, ids) : { failures: [] }
  }

  #gather(): QueueMessage[] {
    const { batchSize } = this.mapping
    const batch: QueueMessage[] = []
    let bytes = 0
    while (batch.length < batchSize) {
      if (this.#held.length === 0) this.#held = this.#receive(Math.min(RECEIVE_AT_ONCE, batchSize - batch.length))
      const next = this.#held[0]
      if (!next) break
      bytes += sizeOf(next)
      if (batch.length > 0 && bytes > MOST_BYTES) break
      batch.push(next)
      this.#held.shift()
    }
    return batch
  }

  #receive(max: number): QueueMessage[] {
    const { queue, filter } = this.mapping
    const received = queue.receive(max)
    for (const { attributes, messageId } of received)
      if (Number(attributes.ApproximateReceiveCount) > MOST_RECEIVES)
        throw new EndlessQueue(
          `message ${messageId} of ${queue.name} has failed ${MOST_RECEIVES} times: give the queue a redrive policy`,
        )
    const wanted = received.filter((message) => filter(message, queue.arn))
    for (const message of received) if (!wanted.includes(message)) queue.delete(message.receiptHandle)
    return received.length > 0 && wanted.length === 0 ? this.#receive(max) : wanted
  }
}
