/** First and longest pause before a record is tried again. Seconds. */
const FIRST = 30
const LONGEST = 1_800

/**
 * Seconds until the next try: 30 s, doubled with every receive up to half an hour, so that an outage of six hours
 * takes 19 receives of a record.
 */
export const backoff = (receives: number): number =>
  Math.min(LONGEST, FIRST * 2 ** Math.min(Math.max(receives, 1) - 1, 10))

/** A record that nobody will take goes to the dead-letter queue: fast, yet after its neighbours. Seconds. */
export const HOPELESS = 1
