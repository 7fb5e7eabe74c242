const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/

/** Seconds since 1970 of a time that is no millisecond by mistake: until the year 2286. */
const MOST_SECONDS = 10_000_000_000

/**
 * Milliseconds since 1970 of a time as the AWS CLI writes it: ISO 8601 with its offset, or seconds since 1970. Undefined where
 * it is neither: a time without an offset has as many readings as there are zones.
 */
export function instantOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value > 0 && value < MOST_SECONDS ? Math.round(value * 1_000) : undefined
  const at = typeof value === 'string' && ISO.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
