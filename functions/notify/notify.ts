import type { SQSRecord } from 'aws-lambda'
import type { Outcome } from '../outcome.ts'
import { SOON } from './delays.ts'
import { type Delivered, type Delivery, deliver, refusal } from './deliver.ts'
import type { Deps } from './ports.ts'
import { readAlert } from './read-alert.ts'

export type Batch = {
  readonly records: readonly SQSRecord[]
  /** Names under `channels` in the configuration. */
  readonly channels: ReadonlySet<string>
  /** Milliseconds since the epoch by which everything must be done. */
  readonly deadline: number
}

export type Notified = {
  readonly outcomes: readonly Outcome[]
  /** Ids of the records that must come again. */
  readonly again: readonly string[]
}

type Planned = { readonly record: SQSRecord; readonly settled: Delivered[]; readonly deliveries: readonly Delivery[] }

const invalid = (event: string, reason: string): Delivered => ({
  outcome: { outcome: 'invalid', reason, event },
  again: SOON,
})

/** What a record asks for; what cannot be done at all is settled here. */
function plan(record: SQSRecord, { channels, deadline }: Batch): Planned {
  const read = readAlert(record.body)
  if ('fault' in read) return { record, settled: [invalid(record.messageId, read.fault)], deliveries: [] }
  const { alert } = read
  const wanted = [...new Set(alert.channels)]
  if (wanted.length === 0) {
    const outcome = { outcome: 'no-channel', reason: 'no Slack channel wants it', event: alert.id, kind: alert.kind }
    return { record, settled: [{ outcome }], deliveries: [] }
  }
  const unknown = wanted.filter((channel) => !channels.has(channel))
  const receives = Number(record.attributes.ApproximateReceiveCount) || 1
  return {
    record,
    settled: unknown.map((channel) =>
      invalid(alert.id, `channels: no channel ${JSON.stringify(channel.slice(0, 80))} in the configuration`),
    ),
    deliveries: wanted
      .filter((channel) => channels.has(channel))
      .map((channel) => ({ alert, channel, receives, deadline })),
  }
}

type Lane = readonly { readonly delivery: Delivery; readonly settled: Delivered[] }[]

/** The alerts of one channel, one after the other; none is posted once Slack does not want to hear from the channel. */
async function post(lane: Lane, deps: Deps): Promise<void> {
  let closed: Delivered['closed']
  for (const { delivery, settled } of lane) {
    const delivered: Delivered = closed ? refusal(delivery, closed) : await deliver(delivery, deps)
    closed = delivered.closed
    settled.push(delivered)
  }
}

/** A record that is to be tried later waits for the most patient of its channels; a hopeless one alone goes at once. */
async function giveBack({ record, settled }: Planned, { queue }: Deps): Promise<string[]> {
  const delays = settled.flatMap(({ again }) => (again === undefined ? [] : [again]))
  if (delays.length === 0) return []
  await queue.delay(record.receiptHandle, Math.max(...delays))
  return [record.messageId]
}

/**
 * Every alert of the batch into every one of its channels. Channels go side by side, so that a broken one keeps nobody
 * waiting; within one channel alerts keep their order and their distance.
 */
export async function notify(batch: Batch, deps: Deps): Promise<Notified> {
  const planned = batch.records.map((record) => plan(record, batch))
  const lanes = Map.groupBy(
    planned.flatMap(({ deliveries, settled }) => deliveries.map((delivery) => ({ delivery, settled }))),
    ({ delivery }) => delivery.channel,
  )
  await Promise.all([...lanes.values()].map((lane) => post(lane, deps)))
  const again = await Promise.all(planned.map((one) => giveBack(one, deps)))
  return { outcomes: planned.flatMap(({ settled }) => settled.map(({ outcome }) => outcome)), again: again.flat() }
}
