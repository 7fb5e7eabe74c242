import { SEVERITIES, type Severity, type SeverityCounts } from '../severity.ts'

/** How many findings of each severity there may be; a severity that is not named has no limit. */
export type Limits = Readonly<Partial<Record<Severity, number>>>

/** Neither critical nor high ones: what the gate and the rule `vulnerabilities` ask unless told otherwise. */
export const DEFAULT_LIMITS: Limits = { CRITICAL: 0, HIGH: 0 }

/** Severities of which there are more than there may be, worst first. */
export const severitiesOver = (counts: SeverityCounts, limits: Limits): readonly Severity[] =>
  SEVERITIES.filter((severity) => (counts[severity] ?? 0) > (limits[severity] ?? Number.POSITIVE_INFINITY))

/** `0 critical, 5 high`: where `inWords` would leave out what has none. */
const countsIn = (severities: readonly Severity[], counts: SeverityCounts): string =>
  severities.map((severity) => `${counts[severity]} ${severity.toLowerCase()}`).join(', ')

/** `It has 2 critical, 9 high, where 0 critical, 5 high may be.` */
export const overInWords = (over: readonly Severity[], counts: SeverityCounts, limits: Limits): string =>
  `It has ${countsIn(over, counts)}, where ${countsIn(over, limits)} may be.`

/** Both counts together. */
export const plus = (one: SeverityCounts, other: SeverityCounts): SeverityCounts =>
  Object.fromEntries(
    SEVERITIES.map((severity) => [severity, (one[severity] ?? 0) + (other[severity] ?? 0)] as const).filter(
      ([, count]) => count > 0,
    ),
  )
