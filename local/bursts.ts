import { parseEvent } from '../functions/events/parse.ts'
import { BATCH_WINDOW_SECONDS } from '../functions/scan-alert/contract.ts'
import { type EventInput, timeOf } from './event-files.ts'

function isReadable(event: object): boolean {
  try {
    parseEvent(event)
    return true
  } catch {
    return false
  }
}

/** Whether the queue would hand both over together: they are of one file, and within the seconds that it gathers. */
function goTogether(first: EventInput, next: EventInput): boolean {
  const [from, to] = [timeOf(first.event), timeOf(next.event)]
  if (first.file !== next.file || from === undefined || to === undefined) return false
  return Math.abs(to - from) <= BATCH_WINDOW_SECONDS * 1_000 && isReadable(first.event) && isReadable(next.event)
}

/** The events as they would reach the function: those of an array that come close together in one batch, all else alone. */
export function burstsOf(inputs: readonly EventInput[]): EventInput[][] {
  const bursts: EventInput[][] = []
  for (const input of inputs) {
    const last = bursts.at(-1)
    if (last?.[0] && goTogether(last[0], input)) last.push(input)
    else bursts.push([input])
  }
  return bursts
}
