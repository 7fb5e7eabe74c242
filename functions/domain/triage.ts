import type { AgreedFindings } from './agreed-findings.ts'
import { type Finding, findingKey, fromFindingKey } from './finding.ts'
import { bySeverity, SEVERITIES, type Severity, type SeverityCounts, severitiesFrom, tally } from './severity.ts'

/**
 * What was last told about an image: each finding with the severity that it had then,
 * or the bare counts of an event whose findings could not be read.
 */
export type Told =
  | {
      readonly findings: Readonly<Record<string, Severity>>
      /** Of those whose exception had ended by then, its last day: each end is news once. */
      readonly lapsed?: Readonly<Record<string, string>>
    }
  | { readonly counts: SeverityCounts }

/**
 * What is there now, at or above the threshold: findings that were read, with what is agreed on them, or the counts of
 * the event alone.
 * `partial`: only the findings that events named; of the others nothing is known, not even that they are gone.
 */
export type Seen =
  | ({ readonly findings: readonly Finding[]; readonly partial?: true } & Partial<Omit<AgreedFindings, 'findings'>>)
  | { readonly counts: SeverityCounts }

/** What changed against what was told. Of what is gone only the key and the severity are known. */
export type Changes = {
  readonly fresh: readonly Finding[]
  readonly known: readonly Finding[]
  readonly gone: readonly Finding[]
}

export type Decision =
  | { readonly tell: true; readonly changes: Changes }
  /** `keep`: nothing to tell, yet what is to be remembered has changed, so that the next comparison is exact. */
  | { readonly tell: false; readonly reason: string; readonly keep?: Told }

const tellAll = (seen: Seen): Decision => ({
  tell: true,
  changes: { fresh: 'findings' in seen ? seen.findings : [], known: [], gone: [] },
})

const silent = (reason: string, keep?: Told): Decision => ({ tell: false, reason, ...(keep && { keep }) })

const countsOf = (told: Told): SeverityCounts => ('counts' in told ? told.counts : tally(Object.values(told.findings)))

/** Whether some severity has more findings now than were told. */
const hasGrown = (now: SeverityCounts, before: SeverityCounts, threshold: Severity): boolean =>
  severitiesFrom(threshold).some((severity) => (now[severity] ?? 0) > (before[severity] ?? 0))

type Findings = Extract<Seen, { findings: unknown }>
type ToldFindings = Extract<Told, { findings: unknown }>

/** Told before, not as something milder, and since its exception ended: a HIGH that became CRITICAL is news. */
const wasTold = (finding: Finding, { findings, lapsed = {} }: ToldFindings, seen: Findings): boolean => {
  const key = findingKey(finding)
  const before = findings[key]
  const end = seen.lapsed?.get(key)?.expires
  return before !== undefined && bySeverity(finding.severity, before) >= 0 && (end === undefined || lapsed[key] === end)
}

const exceptedKeys = ({ excepted = [] }: Findings): ReadonlySet<string> =>
  new Set(excepted.map(({ finding }) => findingKey(finding)))

/** What is excepted was not mended: it is not gone. */
function goneFrom(seen: Findings, told: ToldFindings): Finding[] {
  if (seen.partial) return []
  const keys = new Set([...seen.findings.map(findingKey), ...exceptedKeys(seen)])
  const gone = Object.entries(told.findings).filter(([key]) => !keys.has(key))
  return gone.map(([key, severity]) => ({ ...fromFindingKey(key), severity }))
}

/** What was told, without what is excepted by now: it will be news again. Undefined where nothing was told of that. */
function withoutExcepted(told: ToldFindings, seen: Findings): ToldFindings | undefined {
  const keys = exceptedKeys(seen)
  const left = Object.entries(told.findings).filter(([key]) => !keys.has(key))
  return left.length < Object.keys(told.findings).length ? { ...told, findings: Object.fromEntries(left) } : undefined
}

function compare(seen: Findings, told: ToldFindings): Decision {
  const { findings } = seen
  const fresh = findings.filter((finding) => !wasTold(finding, told, seen))
  const gone = goneFrom(seen, told)
  const known = findings.filter((finding) => wasTold(finding, told, seen))
  if (fresh.length > 0) return { tell: true, changes: { fresh, known, gone } }
  const left = gone.length === 0 ? '' : `, ${gone.length} of those told are gone`
  return silent(`nothing new: told before${left}`, withoutExcepted(told, seen))
}

/** Whether all that was seen is excepted. */
const isExcepted = ({ findings, excepted = [] }: Findings): boolean => findings.length === 0 && excepted.length > 0

/** What was told of an image whose findings are all excepted by now; counts are replaced by what is exact. */
const keepExcepted = (told: Told | undefined, seen: Findings): Told | undefined => {
  if (told && 'findings' in told) return withoutExcepted(told, seen)
  return told && !seen.partial ? remember(seen) : undefined
}

function exceptedInWords({ excepted = [] }: Findings): string {
  const [first] = excepted.map(({ exception }) => exception.expires).sort()
  return excepted.length === 1
    ? `the only finding is excepted until ${first}`
    : `all ${excepted.length} findings are excepted, the first until ${first}`
}

/**
 * Decides whether what is seen is worth a message.
 * Only news is told. A finding that left is shown with the next news, and stays remembered until then,
 * so that a scanner that loses and finds it again does not ring twice. What is excepted does not ring, and is forgotten:
 * once its exception ends or is withdrawn, it is news.
 */
export function decide(told: Told | undefined, seen: Seen, threshold: Severity): Decision {
  if ('findings' in seen && isExcepted(seen)) return silent(exceptedInWords(seen), keepExcepted(told, seen))
  if (!told) return tellAll(seen)
  if ('findings' in seen && 'findings' in told) return compare(seen, told)
  const hasLapsed = 'findings' in seen && seen.lapsed !== undefined && seen.lapsed.size > 0
  if (hasLapsed || hasGrown(countsOf(remember(seen)), countsOf(told), threshold)) return tellAll(seen)
  const isExact = 'findings' in seen && !seen.partial
  return silent('nothing new: the counts were told before', isExact ? remember(seen) : undefined)
}

const larger = (a: SeverityCounts, b: SeverityCounts): SeverityCounts =>
  Object.fromEntries(
    SEVERITIES.map((severity) => [severity, Math.max(a[severity] ?? 0, b[severity] ?? 0)] as const).filter(
      ([, count]) => count > 0,
    ),
  )

const findingsOf = ({ findings, lapsed = new Map() }: Findings): ToldFindings => {
  const ends = findings.flatMap((finding) => {
    const key = findingKey(finding)
    const exception = lapsed.get(key)
    return exception ? [[key, exception.expires] as const] : []
  })
  return {
    findings: Object.fromEntries(findings.map((finding) => [findingKey(finding), finding.severity])),
    ...(ends.length > 0 && { lapsed: Object.fromEntries(ends) }),
  }
}

/** What to remember once `seen` has been told. What is only seen in part adds to what was told before. */
export function remember(seen: Seen, told?: Told): Told {
  if ('counts' in seen) return { counts: seen.counts }
  const now = findingsOf(seen)
  if (!seen.partial || !told) return now
  if ('counts' in told) return { counts: larger(told.counts, countsOf(now)) }
  const before = withoutExcepted(told, seen) ?? told
  const lapsed = { ...before.lapsed, ...now.lapsed }
  return {
    findings: { ...before.findings, ...now.findings },
    ...(Object.keys(lapsed).length > 0 && { lapsed }),
  }
}
