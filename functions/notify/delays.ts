/** First and longest pause before a record is tried again. Seconds. */
const FIRST = 30
const LONGEST = 1_800

/**
 * Seconds until the next try: 30 s, doubled with every receive up to half an hour, so that an outage of six hours
 * takes 18 receives of a record.
 */
export const backoff = (receives: number): number =>
  Math.min(LONGEST, FIRST * 2 ** Math.min(Math.max(receives, 1) - 1, 10))

/** For a record that waits for its turn, or that nobody will take: after its neighbours, yet soon. Seconds. */
export const SOON = 1
