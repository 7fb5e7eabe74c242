import { counted } from '../counted.ts'
import { bySeverity, type Severity } from '../severity.ts'
import type { Aging } from './ages.ts'
import { increase, isExcepted, isOpen } from './counting.ts'
import type { RecordedFinding, RecordedVerdict, RegistryRecord, RepositoryRecord } from './record.ts'

/**
 * # The score
 *
 * A repository has 100 points, and loses
 * - for each open verdict that fails: 25 where the rule is CRITICAL, 12 HIGH, 5 MEDIUM, 2 LOW;
 * - for each vulnerability, by id and package, however many of its images have it: 10 where it is CRITICAL (at most 40
 *   together), 4 HIGH (at most 25), 1 MEDIUM (at most 10);
 * - for those of them that are older than their SLA days, half of that again;
 * - 10 where part of it could not be read.
 *
 * It has never less than 0. Of images that a record does not hold, since there are too many, nothing is lost: it holds the
 * worst of some thousand. What is excepted costs nothing. An owner, and everything, has the mean of the repositories, each
 * weighing as many as it has judged images, and one: a repository that was not judged counts as 0. In the mean of
 * everything a registry is like a repository without images: its own rules count.
 */
export const FULL = 100

/** What the score is, in the report's own words. */
export const SCORE_WORDS =
  'A repository begins with 100 points and loses some for what is open: 25, 12, 5 or 2 for a fail that is critical, high, medium or low; 10, 4 or 1 for a critical, high or medium finding, to at most 40, 25 and 10; half as much again where that is overdue; 10 where it could not be read whole. Owners, registries and the total are the mean of their repositories, weighted by their images. What was not judged counts as 0.'

const VERDICT: Readonly<Partial<Record<Severity, number>>> = { CRITICAL: 25, HIGH: 12, MEDIUM: 5, LOW: 2 }

const FINDING: Readonly<Partial<Record<Severity, { readonly each: number; readonly most: number }>>> = {
  CRITICAL: { each: 10, most: 40 },
  HIGH: { each: 4, most: 25 },
  MEDIUM: { each: 1, most: 10 },
}

const UNREAD = 10

export const verdictPoints = (severity: Severity): number => VERDICT[severity] ?? 0
export const findingPoints = (severity: Severity): number => FINDING[severity]?.each ?? 0

export type Place = 'image' | 'repository' | 'registry'

/** Why points are lost. All points are multiples of a half, so that their sums are exact. */
export type Loss = {
  readonly kind: 'rule' | 'findings' | 'overdue' | 'unread' | 'unjudged'
  /** The rule, or the severity. */
  readonly name: string
  readonly points: number
  readonly count: number
  /** So many places have it; 0: it is the repository itself. */
  readonly places: number
  readonly of: Place
  /** SLA days. */
  readonly days?: number
}

const PLURAL: Readonly<Record<Place, string>> = { image: 'images', repository: 'repositories', registry: 'registries' }

/** `3 critical findings in 2 images`. */
export function whyLost({ kind, name, count, places, of, days }: Loss): string {
  const where = counted(places, of, PLURAL[of])
  const findings = counted(count, `${name.toLowerCase()} finding`)
  if (kind === 'findings') return `${findings} in ${where}`
  if (kind === 'overdue') return `${findings} ${count === 1 ? 'is' : 'are'} older than ${counted(Number(days), 'day')}`
  if (kind === 'unjudged') return `${where} ${places === 1 ? 'was' : 'were'} not judged`
  if (kind === 'rule') return places === 0 ? `${name} fails` : `${name} fails in ${where}`
  return places === 0 ? 'part of it could not be read' : `part of ${where} could not be read`
}

/** Vulnerabilities that count, by id and package, each as bad as it is anywhere in the repository. */
export function distinctFindings(findings: Iterable<RecordedFinding>): ReadonlyMap<string, RecordedFinding> {
  const worst = new Map<string, RecordedFinding>()
  for (const finding of findings) {
    const key = `${finding.id}|${finding.package}`
    const known = worst.get(key)
    if (known === undefined || bySeverity(finding.severity, known.severity) < 0) worst.set(key, finding)
  }
  return worst
}

function ruleLosses(verdicts: readonly RecordedVerdict[], isOfImages: boolean): Loss[] {
  const fails = verdicts.filter((verdict) => isOpen(verdict, 'fail'))
  return [...Map.groupBy(fails, ({ rule }) => rule)].map(([name, some]) => ({
    ...{ kind: 'rule', name, count: some.length, places: isOfImages ? some.length : 0, of: 'image' },
    points: some.reduce((sum, { severity }) => sum + verdictPoints(severity), 0),
  }))
}

function findingLosses(
  record: RepositoryRecord,
  distinct: ReadonlyMap<string, RecordedFinding>,
  { isOverdue, slaOf }: Aging,
): Loss[] {
  const [all, late] = [new Map<Severity, number>(), new Map<Severity, number>()]
  for (const finding of distinct.values()) {
    increase(all, finding.severity)
    if (isOverdue(finding)) increase(late, finding.severity)
  }
  return Object.entries(FINDING).flatMap(([key, { each, most }]): Loss[] => {
    const name = key as Severity
    const [count, overdue] = [all.get(name) ?? 0, late.get(name) ?? 0]
    const has = (finding: RecordedFinding): boolean => finding.severity === name && !isExcepted(finding)
    const places = record.images.filter(({ findings }) => findings.some(has)).length
    const days = slaOf(name) ?? 0
    const common = { name, places, of: 'image' } as const
    return [
      { kind: 'findings', ...common, count, points: Math.min(most, each * count) },
      { kind: 'overdue', ...common, count: overdue, points: Math.min(most, each * overdue) / 2, days },
    ]
  })
}

const isNotWhole = ({ unread, images }: RepositoryRecord): boolean =>
  unread.length > 0 || images.some(({ scan }) => scan === 'unread')

const worstFirst = (losses: readonly Loss[]): readonly Loss[] =>
  losses
    .filter(({ points }) => points > 0)
    .toSorted((a, b) => b.points - a.points || Number(a.kind + a.name > b.kind + b.name) * 2 - 1)

/** What a repository loses, worst first. @param distinct as `distinctFindings` gives it */
export const lossesOf = (
  record: RepositoryRecord,
  distinct: ReadonlyMap<string, RecordedFinding>,
  aging: Aging,
): readonly Loss[] =>
  worstFirst([
    ...ruleLosses(record.verdicts, false),
    ...ruleLosses(
      record.images.flatMap(({ verdicts }) => verdicts),
      true,
    ),
    ...findingLosses(record, distinct, aging),
    { ...{ kind: 'unread', name: '', count: 1, places: 0, of: 'image' }, points: isNotWhole(record) ? UNREAD : 0 },
  ])

export const lossesOfRegistry = ({ verdicts }: RegistryRecord): readonly Loss[] =>
  worstFirst(ruleLosses(verdicts, false))

/** What was not judged has lost everything. */
export const UNJUDGED: readonly Loss[] = [
  { kind: 'unjudged', name: '', points: FULL, count: 1, places: 0, of: 'repository' },
]
