import type { Exception } from '../exception.ts'
import { agingAt, createAges } from './ages.ts'
import { createBases } from './bases.ts'
import { createChanges } from './changes.ts'
import { countingFindings, verdictsOf } from './counting.ts'
import { createCoverage, type ListedTarget, nameOf } from './coverage.ts'
import { type Details, detailsOf, verdictReports } from './details.ts'
import { createExceptionUses } from './exceptions.ts'
import { createFixes } from './fixes.ts'
import { type History, historyOf } from './history.ts'
import { createMean, reasonsOf, scoreOf } from './mean.ts'
import { ownerByName } from './owner.ts'
import { createOwners, shownOwners } from './owners.ts'
import type { SweepPolicy } from './policy.ts'
import type { NotJudged, RegistryRecord, RepositoryRecord, RuleCount, SweepRecord } from './record.ts'
import type { RepositoryReport, Sums, SweepReport } from './report.ts'
import { reportJson, shortJson } from './report-json.ts'
import { distinctFindings, lossesOf, lossesOfRegistry, UNJUDGED } from './score.ts'
import { addSums, noSums, sumsOf, sumsOfRegistry } from './sums.ts'
import { differenceOf, trendWith } from './trend.ts'
import { keepWorst } from './worst.ts'

/** Bytes of JSON for what is told of single images and findings. */
const DETAILS = 1_500_000
/** Bytes of `report.json`. All repositories are in it, whatever their rows take: then it has the least of the details. */
const LIMIT = 4_900_000
const LEAST = 300_000

export type SummaryOptions = {
  /** Of the sweep: `2026-11-24t21`. */
  readonly id: string
  readonly startedAt: Date
  /** Ages are counted up to here, exceptions hold on this day. */
  readonly now: Date
  readonly policy: Pick<SweepPolicy, 'sla'>
  readonly history: History
  readonly exceptions: readonly Exception[]
  /** Registries that were to be judged, also those that could not be listed. */
  readonly targets: readonly ListedTarget[]
}

/** Adds up the records of a sweep, as they come. */
export type Summary = {
  /** Records may come in any order. Of two on the same repository the first one counts. */
  readonly add: (record: SweepRecord) => void
  /** To be called once. @returns the report, and what the next sweep is to be given as its history */
  readonly end: (endedAt: Date) => { readonly report: SweepReport; readonly history: NonNullable<History> }
}

type Row = Omit<RepositoryReport, 'details'>

const begin = ({ now, policy, history, exceptions, targets }: SummaryOptions) => {
  const aging = agingAt(now, policy.sla)
  return {
    ...{ aging, ages: createAges(aging), coverage: createCoverage(targets), changes: createChanges(history) },
    ...{ uses: createExceptionUses(exceptions, now), fixes: createFixes(), owners: createOwners(), mean: createMean() },
    bases: createBases(),
    details: keepWorst<Details>(DETAILS),
    rules: new Map<string, RuleCount>(),
    rows: new Map<string, Row>(),
    registries: new Map<string, SweepReport['registries'][number]>(),
    sums: noSums(),
    isLarge: targets.reduce((sum, { listed }) => sum + listed, 0) > AT_LENGTH,
    /** Whether records were too long to hold all that is open. */
    isCut: false,
  }
}

type State = ReturnType<typeof begin>

function addRules({ rules }: State, counts: readonly RuleCount[]): void {
  for (const { rule, pass, fail, unknown, excepted } of counts) {
    const before = rules.get(rule) ?? { rule, pass: 0, fail: 0, unknown: 0, excepted: 0 }
    rules.set(rule, {
      rule,
      pass: before.pass + pass,
      fail: before.fail + fail,
      unknown: before.unknown + unknown,
      excepted: before.excepted + excepted,
    })
  }
}

function addExceptions(state: State, record: RepositoryRecord): void {
  const { uses } = state
  if (record.omitted) state.isCut = true
  for (const { exception } of verdictsOf(record)) uses.add(exception)
  for (const { findings } of record.images) for (const { exception } of findings) uses.add(exception)
}

/** Repositories of a larger estate have one reason for their score in the report: a row is small. */
const AT_LENGTH = 2_000

/** Of what could not be read, the first: a row is small. */
const UNREAD = 5
const LONG = 200

function addRepository(state: State, record: RepositoryRecord): void {
  const name = nameOf(record)
  if (state.rows.has(name)) return
  const { account, region, repository, owner } = record
  const distinct = distinctFindings(countingFindings(record))
  const losses = lossesOf(record, distinct, state.aging)
  const [sums, score] = [sumsOf(record, state.aging), scoreOf(losses)]
  const { repositories: _one, removableDollarsPerMonth: _derived, ...own } = sums
  const unread = record.unread.slice(0, UNREAD).map((why) => why.slice(0, LONG))
  state.rows.set(name, {
    account,
    region,
    repository,
    owner,
    score,
    losses: reasonsOf(losses).slice(0, state.isLarge ? 1 : undefined),
    ...own,
    unread,
  })
  state.sums = addSums(state.sums, sums)
  state.owners.add(owner, sums.images + 1, losses, sums)
  state.mean.add(sums.images + 1, losses, 'repository')
  for (const finding of countingFindings(record)) state.ages.add(finding)
  for (const { count, ...finding } of record.omitted?.findings ?? []) state.ages.add(finding, count)
  state.changes.add(name, record, distinct)
  state.coverage.add(record)
  state.fixes.add(record)
  state.bases.add(record)
  state.details.offer(score, name, () => detailsOf(record, state.aging))
  addRules(state, record.rules)
  addExceptions(state, record)
}

function addRegistry(state: State, record: RegistryRecord): void {
  const name = nameOf(record)
  if (state.registries.has(name)) return
  const { account, region, verdicts } = record
  state.registries.set(name, { account, region, verdicts: verdictReports(verdicts) })
  state.sums = addSums(state.sums, sumsOfRegistry(record))
  state.mean.add(1, lossesOfRegistry(record), 'registry')
  state.changes.addRegistry(name, record)
  state.coverage.addRegistry(record)
  state.fixes.addRegistry(record)
  addRules(state, record.rules)
}

function addNotJudged(state: State, record: NotJudged): void {
  state.coverage.addNotJudged(record)
  if (record.repository === null || record.isGone) return
  state.owners.add(ownerByName(record.repository), 1, UNJUDGED)
  state.mean.add(1, UNJUDGED, 'repository')
}

/** What fails, what is not known: in this order. */
function verdictOf(
  { fails, unknowns, unscanned, overdue, repositories }: Sums,
  complete: boolean,
): SweepReport['verdict'] {
  if (fails > 0 || Object.keys(overdue).length > 0) return 'fail'
  return complete && repositories > 0 && unknowns + unscanned === 0 ? 'pass' : 'unknown'
}

const byScore = (a: Row, b: Row): number => a.score - b.score || (nameOf(a) < nameOf(b) ? -1 : 1)

/** The report with what is told of single images and findings, as far as its bytes go. */
function withDetails(report: SweepReport, { details }: State): SweepReport {
  let left = Math.max(LEAST, LIMIT - Buffer.byteLength(reportJson(report)))
  const repositories = report.repositories.map((row): RepositoryReport => {
    const more = details.get(nameOf(row))
    left -= more ? Buffer.byteLength(shortJson(more)) : 0
    return more && left >= 0 ? { ...row, details: more } : row
  })
  return { ...report, repositories }
}

const byText = <Item>(items: Iterable<Item>, textOf: (item: Item) => string): Item[] =>
  [...items].toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1))

/** Repositories without a record have no name, and so no owner; they count all the same. */
function addMissing({ mean, coverage }: State): void {
  for (let left = coverage.missing(); left > 0; left--) mean.add(1, UNJUDGED, 'repository')
}

/** What the last sweep left, of which this one may be the same once more: then what was there before it. */
function before(history: History, id: string) {
  if (!history) return { trend: [], owners: [], last: undefined }
  const isAgain = history.id === id
  const trend = isAgain ? history.trend.slice(0, -1) : history.trend
  return { trend, owners: isAgain ? history.ownersBefore : history.owners, last: trend.at(-1) }
}

function end(state: State, { id, startedAt, history }: SummaryOptions, endedAt: Date): ReturnType<Summary['end']> {
  addMissing(state)
  const { coverage, mean, sums: totals } = state
  const { changed, written } = state.changes.end(coverage.fateOf)
  const covered = coverage.report()
  const { trend, owners: ownersBefore, last } = before(history, id)
  const now = { at: startedAt.toISOString(), score: mean.score(), ...totals }
  const since = history?.id === id ? history.since : last ? { ...differenceOf(last, now), ...changed } : null
  const owners = state.owners.report(new Map(ownersBefore))
  const { ancestry, bases } = state.bases.end()
  const report: SweepReport = {
    ...{ schemaVersion: 1, id, startedAt: now.at, endedAt: endedAt.toISOString(), ...covered },
    verdict: verdictOf(totals, covered.coverage.complete),
    ...{
      score: now.score,
      losses: mean.reasons(),
      totals,
      since,
      trend: trendWith(trend, now),
      ...shownOwners(owners),
    },
    fixes: state.fixes.top(bases),
    ancestry,
    rules: byText(state.rules.values(), ({ rule }) => rule).map((count) => ({ ...count })),
    ages: state.ages.report(),
    exceptions: state.uses.report(covered.coverage.complete && !state.isCut),
    registries: byText(state.registries.values(), nameOf),
    repositories: [...state.rows.values()].toSorted(byScore),
  }
  const scores = owners.map(({ owner, score }): [string, number] => [owner, score])
  return {
    report: withDetails(report, state),
    history: historyOf({ id, since, trend: report.trend, owners: scores, ownersBefore, ...written }),
  }
}

/**
 * Adds up a sweep in bounded memory: a small row for each repository, counts for all else, and what is told of single
 * images and findings only of the repositories with the lowest scores, as far as 1.5 MB go, and 4.9 MB of the report.
 */
export function createSummary(options: SummaryOptions): Summary {
  const state = begin(options)
  return {
    add(record) {
      if (record.kind === 'repository') addRepository(state, record)
      else if (record.kind === 'registry') addRegistry(state, record)
      else addNotJudged(state, record)
    },
    end: (endedAt) => end(state, options, endedAt),
  }
}
