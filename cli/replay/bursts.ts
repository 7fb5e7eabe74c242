import { parseEvent } from '../../functions/events/parse.ts'
import { BATCH_WINDOW_SECONDS as PUSH_SECONDS } from '../../functions/push-check/contract.ts'
import { BATCH_WINDOW_SECONDS as SCAN_SECONDS } from '../../functions/scan-alert/contract.ts'
import { BATCH_WINDOW_SECONDS as WATCH_SECONDS } from '../../functions/watch/contract.ts'
import { type EventInput, timeOf } from './event-input.ts'

/** Of pushes and scans, seconds that their queues gather; all else goes to watch. */
const WINDOWS: Readonly<Record<string, number>> = { scan: SCAN_SECONDS, finding: SCAN_SECONDS, push: PUSH_SECONDS }

/** Seconds that the queue of whoever looks at the event gathers; undefined where it cannot be read. */
function windowOf(event: object): number | undefined {
  try {
    return WINDOWS[parseEvent(event).type] ?? WATCH_SECONDS
  } catch {
    return undefined
  }
}

/** Whether the queue would hand both over together: they are of one file, and within the seconds that it gathers. */
function goTogether(first: EventInput, next: EventInput): boolean {
  const [from, to] = [timeOf(first.event), timeOf(next.event)]
  const [window, other] = [windowOf(first.event), windowOf(next.event)]
  if (first.file !== next.file || from === undefined || to === undefined || window === undefined) return false
  return window === other && Math.abs(to - from) <= window * 1_000
}

/** The events as they would reach the function: those of an array that come close together in one batch, all else alone. */
export function burstsOf<I extends EventInput>(inputs: readonly I[]): I[][] {
  const bursts: I[][] = []
  for (const input of inputs) {
    const last = bursts.at(-1)
    if (last?.[0] && goTogether(last[0], input)) last.push(input)
    else bursts.push([input])
  }
  return bursts
}
