import { type Exception, exceptionKey, isExpired, isOnFinding, isOnRule, type Place } from './exception.ts'
import type { Finding } from './finding.ts'

const DAY = 86_400_000

/** Days before its end in which an exception is pointed out. */
const SOON = 14

const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10)

/** Days until the last one on which an exception holds, in UTC: 0 on that day, negative after it. */
export const daysLeft = ({ expires }: Exception, now: Date): number =>
  Math.round((Date.parse(expires) - Date.parse(dayOf(now))) / DAY)

export const expiresSoon = (exception: Exception, now: Date): boolean =>
  !isExpired(exception, now) && daysLeft(exception, now) <= SOON

/** What was found at a place: findings, and rules that failed or could not be judged. */
export type Sighting = {
  readonly place: Place
  readonly findings?: readonly Finding[]
  readonly rules?: readonly string[]
}

const isSeen = (exception: Exception, { place, findings = [], rules = [] }: Sighting): boolean =>
  findings.some((finding) => isOnFinding(exception, finding, place)) ||
  rules.some((rule) => isOnRule(exception, rule, place))

/** Keys of the exceptions that speak of something that was found at a place. Collect them over all that was looked at. */
export const matchedAt = (exceptions: readonly Exception[], sighting: Sighting): string[] =>
  exceptions.filter((exception) => isSeen(exception, sighting)).map(exceptionKey)

/** What should be looked at in the list of exceptions. */
export type ExceptionReport = {
  /** What they excepted counts again. */
  readonly expired: readonly Exception[]
  /** Those that hold for at most two more weeks. */
  readonly expiring: readonly Exception[]
  /** Those that hold, and that nothing needs any more. Undefined where nobody looked. */
  readonly unmatched?: readonly Exception[]
}

/** @param matched keys of all that matched, where everything was looked at that the exceptions may be about */
export function reportOn(exceptions: readonly Exception[], now: Date, matched?: ReadonlySet<string>): ExceptionReport {
  const holding = exceptions.filter((exception) => !isExpired(exception, now))
  return {
    expired: exceptions.filter((exception) => isExpired(exception, now)),
    expiring: holding.filter((exception) => expiresSoon(exception, now)),
    ...(matched && { unmatched: holding.filter((exception) => !matched.has(exceptionKey(exception))) }),
  }
}
