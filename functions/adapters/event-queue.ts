import { setTimeout as sleep } from 'node:timers/promises'
import { Unreadable } from '../faults.ts'
import type { EventQueue, QueuedEvent } from '../sweep/ports.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

/** Messages of one call. */
const MOST = 10
/** How often what SQS did not take is sent, in all. */
const ATTEMPTS = 3
/** Milliseconds before it is sent again, for each time that it was. */
const PAUSE = 200

type Failed = readonly { readonly Id: string; readonly Code: string }[]

async function sendSome(aws: AwsCall, url: string, events: readonly QueuedEvent[]): Promise<Failed> {
  const Entries = events.map((event, index) => ({ Id: String(index), MessageBody: JSON.stringify(event) }))
  try {
    const answer = await aws('sqs', 'SendMessageBatch', { QueueUrl: url, Entries })
    return (answer.Failed ?? []) as Failed
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new Unreadable(`SQS answered ${error.code} to SendMessageBatch`, !error.transient, error)
  }
}

/** Of up to ten events, those that SQS does not take are sent again. */
async function sendAll(aws: AwsCall, url: string, events: readonly QueuedEvent[]): Promise<void> {
  let left = events
  for (let tries = 1; ; tries++) {
    const failed = await sendSome(aws, url, left)
    if (failed.length === 0) return
    const why = `SQS did not take ${failed.length} of ${left.length} messages: ${failed[0]?.Code}`
    if (tries >= ATTEMPTS) throw new Unreadable(why, false, undefined)
    left = failed.flatMap(({ Id }) => left[Number(Id)] ?? [])
    await sleep(PAUSE * tries)
  }
}

/**
 * A queue that events are put on as EventBridge puts them there.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export const eventQueue = (aws: AwsCall, url: string): EventQueue => ({
  async send(events) {
    for (let at = 0; at < events.length; at += MOST) await sendAll(aws, url, events.slice(at, at + MOST))
  },
})

/** A queue for each address that there is. */
export const eventQueues = <Name extends string>(
  aws: AwsCall,
  urls: Readonly<Record<Name, string | undefined>>,
): Readonly<Record<Name, EventQueue | undefined>> => {
  const queues = Object.entries<string | undefined>(urls).map(([name, url]) => [name, url && eventQueue(aws, url)])
  return Object.fromEntries(queues) as Record<Name, EventQueue | undefined>
}
