import { setTimeout } from 'node:timers/promises'
import type { Pace } from './signed-aws.ts'

export type Clock = {
  /** Milliseconds, from anywhere. */
  now(): number
  sleep(ms: number): Promise<unknown>
}

const CLOCK: Clock = { now: () => performance.now(), sleep: (ms) => setTimeout(ms) }

/** How far a late start may be caught up: timers are not exact, and an idle bucket is full. Milliseconds. */
const CATCH_UP = 100
/** How many outcomes in a row tell which rate is granted: at least, and of how many at most. */
const LEAST_TELLING = 24
const MOST_TELLING = 48
/** Share of throttles that costs less than going slower would. */
const TOLERATED = 0.1
/** Of the rate that was granted, how much is asked for next. */
const BACK_OFF = 0.95
/** Of the rate that was asked for, how much at least: few outcomes tell the granted rate roughly. */
const LEAST_KEPT = 0.25
/** Calls per second that are never gone below. */
const SLOWEST = 1

type Outcome = { readonly at: number; readonly isThrottle: boolean }

/** What is known of one operation. */
type Lane = {
  /** Calls per second as of the last throttle, and when that was. */
  base: number
  throttledAt: number
  /** What was sent before tells of a rate that is no longer asked for. */
  cutAt: number
  /** When the next call may start. */
  next: number
  /** The last ones, oldest first. */
  outcomes: Outcome[]
}

/** Careful at first, then ever faster: 1.02 after a second, 1.6 after five, 7 after ten. */
const growth = (seconds: number): number => 1.02 ** (seconds * seconds)

/** Calls per second that were asked for and that were granted, and whether that was too much to ask. */
function measure(outcomes: readonly Outcome[], now: number) {
  const answers = outcomes.filter(({ isThrottle }) => !isThrottle).length
  const seconds = Math.max(1, now - (outcomes[0]?.at ?? now)) / 1_000
  const isTooMuch = answers < outcomes.length * (1 - TOLERATED)
  return { asked: outcomes.length / seconds, granted: answers / seconds, isTooMuch }
}

/**
 * Sends the calls of each operation at the rate that AWS grants. AWS throttles each operation by itself, and publishes a
 * rate for none that reads: so there is no limit, or that of `most`, until throttles tell it; then a little less than
 * what was granted is asked for, and ever more again with time.
 * @param most calls per second and operation
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 */
export function createPace(most = Number.POSITIVE_INFINITY, { now, sleep }: Clock = CLOCK): Pace {
  const lanes = new Map<string, Lane>()

  function laneOf(operation: string): Lane {
    const never = Number.NEGATIVE_INFINITY
    const lane = lanes.get(operation) ?? { base: most, throttledAt: never, cutAt: never, next: now(), outcomes: [] }
    lanes.set(operation, lane)
    return lane
  }

  const rateOf = ({ base, throttledAt }: Lane): number => Math.min(most, base * growth((now() - throttledAt) / 1_000))

  function adapt(lane: Lane): void {
    const { asked, granted, isTooMuch } = measure(lane.outcomes, now())
    const rate = Math.min(rateOf(lane), asked)
    lane.base = isTooMuch ? Math.max(SLOWEST, rate * LEAST_KEPT, Math.min(rate, granted * BACK_OFF)) : rate
    lane.throttledAt = now()
    if (!isTooMuch) return
    lane.cutAt = now()
    lane.outcomes = []
  }

  return {
    async turn(operation) {
      const lane = laneOf(operation)
      const at = Math.max(lane.next, now() - CATCH_UP)
      lane.next = at + 1_000 / rateOf(lane)
      if (at > now()) await sleep(at - now())
      const sentAt = now()
      return (isThrottle) => {
        if (sentAt < lane.cutAt) return
        lane.outcomes.push({ at: now(), isThrottle })
        if (lane.outcomes.length > MOST_TELLING) lane.outcomes.shift()
        if (isThrottle && lane.outcomes.length >= LEAST_TELLING) adapt(lane)
      }
    },
  }
}
