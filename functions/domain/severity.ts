/**
 * Severities of ECR and Inspector findings, worst first.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFinding.html
 */
export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED'] as const

export type Severity = (typeof SEVERITIES)[number]

/** Findings per severity; a severity that is absent has none. */
export type SeverityCounts = Readonly<Partial<Record<Severity, number>>>

const SYNONYMS: Readonly<Record<string, Severity>> = { INFORMAL: 'INFORMATIONAL', UNTRIAGED: 'UNDEFINED' }

/** A severity as a scanner spells it; a word that nobody documented is `UNDEFINED`, never dropped. */
export function toSeverity(word: string): Severity {
  const upper = word.toUpperCase()
  return SEVERITIES.find((severity) => severity === upper) ?? SYNONYMS[upper] ?? 'UNDEFINED'
}

/** Negative when `a` is worse than `b`: sorts worst first. */
export const bySeverity = (a: Severity, b: Severity): number => SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b)

/** Whether `severity` is as bad as `threshold`, or worse. */
export const isAtLeast = (severity: Severity, threshold: Severity): boolean => bySeverity(severity, threshold) <= 0

/** The severities at or above `threshold`, worst first. */
export const severitiesFrom = (threshold: Severity): readonly Severity[] =>
  SEVERITIES.filter((severity) => isAtLeast(severity, threshold))

/** How many findings are at or above `threshold`. */
export const countFrom = (counts: SeverityCounts, threshold: Severity): number =>
  severitiesFrom(threshold).reduce((sum, severity) => sum + (counts[severity] ?? 0), 0)

/** Whether `more` has findings, at or above `threshold`, that `fewer` does not have. A finding that became milder is none. */
export const exceeds = (more: SeverityCounts, fewer: SeverityCounts, threshold: Severity): boolean =>
  severitiesFrom(threshold).some((severity) => countFrom(more, severity) > countFrom(fewer, severity))

/** How often each severity occurs. */
export function tally(severities: Iterable<Severity>): SeverityCounts {
  const counts: Partial<Record<Severity, number>> = {}
  for (const severity of severities) counts[severity] = (counts[severity] ?? 0) + 1
  return counts
}

/** `2 critical, 5 high`: worst first, without those that have none. */
export const inWords = (counts: SeverityCounts): string =>
  SEVERITIES.filter((severity) => counts[severity])
    .map((severity) => `${counts[severity]} ${severity.toLowerCase()}`)
    .join(', ')

/** The counts of the severities at or above `threshold` alone. */
export const countsFrom = (counts: SeverityCounts, threshold: Severity): SeverityCounts =>
  Object.fromEntries(
    severitiesFrom(threshold)
      .filter((s) => counts[s])
      .map((s) => [s, counts[s]]),
  )
