import type { Handled } from '../functions/batch.ts'
import { record } from './scan-alert/fakes.ts'

/** Receives after which a test gives up: a record that still comes again by then has been lost. */
const MOST_RECEIVES = 50

/**
 * Delivers events as SQS does, so many batches at once, until none comes again.
 * @returns how many were given up
 */
export async function deliver(
  events: readonly object[],
  handle: (records: ReturnType<typeof record>[]) => Promise<Handled>,
  { batches, between = () => {} }: { readonly batches: number; readonly between?: () => void },
): Promise<number> {
  let waiting = events.map((event) => ({ event, receives: 1 }))
  for (let round = 0; round < MOST_RECEIVES && waiting.length > 0; round++) {
    const records = waiting.map(({ event, receives }) => record(event, receives))
    const shares = Array.from({ length: batches }, (_, n) => records.filter((__, at) => at % batches === n))
    const handled = await Promise.all(shares.filter((share) => share.length > 0).map(handle))
    const again = new Set(handled.flatMap((one) => one.again))
    waiting = waiting.flatMap(({ event, receives }, at) =>
      again.has(records[at]?.messageId ?? '') ? [{ event, receives: receives + 1 }] : [],
    )
    between()
  }
  return waiting.length
}
