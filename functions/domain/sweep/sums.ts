import { archiveCost, standardCost } from '../cost.ts'
import { SEVERITIES, type Severity, type SeverityCounts, tally } from '../severity.ts'
import type { Aging } from './ages.ts'
import { countingFindings, isExcepted, isOpen, verdictsOf } from './counting.ts'
import type {
  ImageRecord,
  Omitted,
  RecordedFinding,
  RecordedVerdict,
  RegistryRecord,
  RepositoryRecord,
} from './record.ts'
import type { Sums } from './report.ts'

export const noSums = (): Sums => ({
  ...{ repositories: 0, images: 0, unscanned: 0 },
  ...{ bytes: 0, dollarsPerMonth: 0, removableBytes: 0, removableDollarsPerMonth: 0 },
  ...{ findings: {}, overdue: {}, fails: 0, unknowns: 0, excepted: 0 },
})

/** To a hundredth of a cent, as costs are. */
export const toCents = (dollars: number): number => Math.round(dollars * 10_000) / 10_000

export const addCounts = (a: SeverityCounts, b: SeverityCounts): SeverityCounts =>
  Object.fromEntries(
    SEVERITIES.map((severity) => [severity, (a[severity] ?? 0) + (b[severity] ?? 0)] as const).filter(
      ([, count]) => count > 0,
    ),
  )

export const addSums = (a: Sums, b: Sums): Sums => ({
  repositories: a.repositories + b.repositories,
  images: a.images + b.images,
  unscanned: a.unscanned + b.unscanned,
  bytes: a.bytes + b.bytes,
  dollarsPerMonth: toCents(a.dollarsPerMonth + b.dollarsPerMonth),
  removableBytes: a.removableBytes + b.removableBytes,
  removableDollarsPerMonth: toCents(a.removableDollarsPerMonth + b.removableDollarsPerMonth),
  findings: addCounts(a.findings, b.findings),
  overdue: addCounts(a.overdue, b.overdue),
  fails: a.fails + b.fails,
  unknowns: a.unknowns + b.unknowns,
  excepted: a.excepted + b.excepted,
})

/** Whether it is not known what the image has, and nobody has agreed to that by an exception on the rule `scanned`. */
const isUnscanned = ({ scan, verdicts }: ImageRecord): boolean =>
  scan !== 'complete' && !verdicts.some((verdict) => verdict.rule === 'scanned' && isExcepted(verdict))

const open = (verdicts: readonly RecordedVerdict[]): Pick<Sums, 'fails' | 'unknowns'> => ({
  fails: verdicts.filter((verdict) => isOpen(verdict, 'fail')).length,
  unknowns: verdicts.filter((verdict) => isOpen(verdict, 'unknown')).length,
})

type Aged = Pick<RecordedFinding, 'severity' | 'firstSeen'>

function* severities(findings: Iterable<Aged>, isMeant: (one: Aged) => boolean): Generator<Severity> {
  for (const finding of findings) if (isMeant(finding)) yield finding.severity
}

const NONE: Omitted = { images: 0, findings: [], fails: 0, unknowns: 0, excepted: 0 }

/** What those add that the record does not hold. */
const omittedOf = ({ findings }: Omitted, isMeant: (one: Aged) => boolean): SeverityCounts =>
  findings
    .filter(isMeant)
    .reduce<SeverityCounts>((sum, { severity, count }) => addCounts(sum, { [severity]: count }), {})

/** What a repository adds to all sums. What is in the archive costs as the archive does. */
export function sumsOf(record: RepositoryRecord, { isOverdue }: Aging): Sums {
  const { images, stored, removable = { bytes: 0 }, omitted = NONE } = record
  const verdicts = verdictsOf(record)
  const { fails, unknowns } = open(verdicts)
  const agreed = images.map(({ findings }) => findings.filter(isExcepted).length)
  return {
    repositories: 1,
    images: record.judged,
    unscanned: images.filter(isUnscanned).length,
    bytes: stored.bytes,
    dollarsPerMonth: toCents(standardCost(stored.bytes - stored.archivedBytes) + archiveCost(stored.archivedBytes)),
    removableBytes: removable.bytes,
    removableDollarsPerMonth: standardCost(removable.bytes),
    findings: addCounts(
      tally(severities(countingFindings(record), () => true)),
      omittedOf(omitted, () => true),
    ),
    overdue: addCounts(tally(severities(countingFindings(record), isOverdue)), omittedOf(omitted, isOverdue)),
    fails: fails + omitted.fails,
    unknowns: unknowns + omitted.unknowns,
    excepted: agreed.reduce((sum, count) => sum + count, verdicts.filter(isExcepted).length + omitted.excepted),
  }
}

/** What a registry itself adds: its verdicts. */
export const sumsOfRegistry = ({ verdicts }: RegistryRecord): Sums => ({ ...noSums(), ...open(verdicts) })
