import type { SweepReport, TrendPoint } from './report.ts'
import { toCents } from './sums.ts'

/** More than a year of days. */
const POINTS = 400

/** Oldest first, as many as are kept. */
export const trendWith = (before: readonly TrendPoint[], now: TrendPoint): TrendPoint[] =>
  [...before, now].slice(-POINTS)

/** How the totals differ from those of the last sweep. */
export const differenceOf = (
  before: TrendPoint,
  now: TrendPoint,
): Pick<NonNullable<SweepReport['since']>, 'at' | 'score' | 'bytes' | 'dollarsPerMonth'> => ({
  at: before.at,
  score: Math.round((now.score - before.score) * 10) / 10,
  bytes: now.bytes - before.bytes,
  dollarsPerMonth: toCents(now.dollarsPerMonth - before.dollarsPerMonth),
})
