import { type Finding, findingKey, fromFindingKey } from './finding.ts'
import { bySeverity, SEVERITIES, type Severity, type SeverityCounts, severitiesFrom, tally } from './severity.ts'

/**
 * What was last told about an image: each finding with the severity that it had then,
 * or the bare counts of an event whose findings could not be read.
 */
export type Told = { readonly findings: Readonly<Record<string, Severity>> } | { readonly counts: SeverityCounts }

/**
 * What is there now, at or above the threshold: findings that were read, or the counts of the event alone.
 * `partial`: only the findings that events named; of the others nothing is known, not even that they are gone.
 */
export type Seen =
  | { readonly findings: readonly Finding[]; readonly partial?: true }
  | { readonly counts: SeverityCounts }

/** What changed against what was told. Of what is gone only the key and the severity are known. */
export type Changes = {
  readonly fresh: readonly Finding[]
  readonly known: readonly Finding[]
  readonly gone: readonly Finding[]
}

export type Decision =
  | { readonly tell: true; readonly changes: Changes }
  /** `remember`: nothing to tell, yet more is known than before, so that the next comparison is exact. */
  | { readonly tell: false; readonly reason: string; readonly remember: boolean }

const tellAll = (seen: Seen): Decision => ({
  tell: true,
  changes: { fresh: 'findings' in seen ? seen.findings : [], known: [], gone: [] },
})

const silent = (reason: string, remember = false): Decision => ({ tell: false, reason, remember })

const countsOf = (told: Told): SeverityCounts => ('counts' in told ? told.counts : tally(Object.values(told.findings)))

/** Whether some severity has more findings now than were told. */
const hasGrown = (now: SeverityCounts, before: SeverityCounts, threshold: Severity): boolean =>
  severitiesFrom(threshold).some((severity) => (now[severity] ?? 0) > (before[severity] ?? 0))

/** Told before, and not as something milder: a HIGH that became CRITICAL is news. */
const wasTold = (finding: Finding, told: Readonly<Record<string, Severity>>): boolean => {
  const before = told[findingKey(finding)]
  return before !== undefined && bySeverity(finding.severity, before) >= 0
}

type Findings = Extract<Seen, { findings: unknown }>

function goneFrom({ findings, partial }: Findings, told: Readonly<Record<string, Severity>>): Finding[] {
  if (partial) return []
  const keys = new Set(findings.map(findingKey))
  const gone = Object.entries(told).filter(([key]) => !keys.has(key))
  return gone.map(([key, severity]) => ({ ...fromFindingKey(key), severity }))
}

function compare(seen: Findings, told: Readonly<Record<string, Severity>>): Decision {
  const { findings } = seen
  const fresh = findings.filter((finding) => !wasTold(finding, told))
  const gone = goneFrom(seen, told)
  if (fresh.length > 0) return { tell: true, changes: { fresh, known: findings.filter((f) => wasTold(f, told)), gone } }
  const left = gone.length === 0 ? '' : `, ${gone.length} of those told are gone`
  return silent(`nothing new: told before${left}`)
}

/**
 * Decides whether what is seen is worth a message.
 * Only news is told. A finding that left is shown with the next news, and stays remembered until then,
 * so that a scanner that loses and finds it again does not ring twice.
 */
export function decide(told: Told | undefined, seen: Seen, threshold: Severity): Decision {
  if (!told) return tellAll(seen)
  if ('findings' in seen && 'findings' in told) return compare(seen, told.findings)
  if (hasGrown(countsOf(remember(seen)), countsOf(told), threshold)) return tellAll(seen)
  return silent('nothing new: the counts were told before', 'findings' in seen && !seen.partial)
}

const larger = (a: SeverityCounts, b: SeverityCounts): SeverityCounts =>
  Object.fromEntries(
    SEVERITIES.map((severity) => [severity, Math.max(a[severity] ?? 0, b[severity] ?? 0)] as const).filter(
      ([, count]) => count > 0,
    ),
  )

/** What to remember once `seen` has been told. What is only seen in part adds to what was told before. */
export function remember(seen: Seen, told?: Told): Told {
  if ('counts' in seen) return { counts: seen.counts }
  const findings = Object.fromEntries(seen.findings.map((finding) => [findingKey(finding), finding.severity]))
  if (!seen.partial || !told) return { findings }
  if ('counts' in told) return { counts: larger(told.counts, countsOf({ findings })) }
  return { findings: { ...told.findings, ...findings } }
}
