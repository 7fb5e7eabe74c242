/** Nothing that was pushed later than this before now is removed: somebody may be about to use it. Milliseconds. */
export const MINIMUM_AGE = 24 * 3_600_000

/** How long a plan may be applied. Milliseconds. */
export const PLAN_LIFE = 24 * 3_600_000
