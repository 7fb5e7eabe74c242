import { minute } from '../compose.ts'
import { counted } from '../counted.ts'
import {
  bySeverity,
  countFrom,
  countsFrom,
  inWords,
  SEVERITIES,
  type Severity,
  type SeverityCounts,
} from '../severity.ts'
import type { ExceptionState, SweepReport } from './report.ts'

/** Below it a new finding is counted, and wakes nobody. */
const LOUD = 'HIGH'

/** What a sweep has to say that the last one did not; of a first sweep that is everything. */
export type News = {
  /** At HIGH and above. */
  readonly findings: SeverityCounts
  readonly fails: number
  /** By how many more of a severity are overdue than last time. */
  readonly overdue: SeverityCounts
  readonly ended: readonly ExceptionState[]
}

/** The sweep before, as the trend has it. */
const pointBefore = ({ trend, since }: SweepReport) => (since ? trend.findLast(({ at }) => at === since.at) : undefined)

function moreOverdue(report: SweepReport): SeverityCounts {
  const before = pointBefore(report)?.overdue ?? {}
  const known = report.since && !pointBefore(report)
  const more = SEVERITIES.map((severity) => [
    severity,
    (report.totals.overdue[severity] ?? 0) - (before[severity] ?? 0),
  ])
  return known ? {} : Object.fromEntries(more.filter(([, count]) => Number(count) > 0))
}

/** An exception holds through its last day. */
const hasEndedSince =
  (at: string | undefined) =>
  ({ state, expires }: ExceptionState): boolean =>
    state === 'expired' && (at === undefined || expires >= at.slice(0, 10))

export function newsOf(report: SweepReport): News {
  const { since, totals, exceptions } = report
  return {
    findings: countsFrom(since ? since.newFindings : totals.findings, LOUD),
    fails: since ? since.newFails : totals.fails,
    overdue: moreOverdue(report),
    ended: exceptions.filter(hasEndedSince(since?.at)),
  }
}

/** Worst first; nothing where nothing is new. A fail of a rule is as bad as an exception that ended: somebody has to look. */
export const severitiesOf = ({ findings, fails, overdue, ended }: News): readonly Severity[] =>
  [
    ...SEVERITIES.filter((severity) => findings[severity] || overdue[severity]),
    ...(fails + ended.length > 0 ? (['MEDIUM'] as const) : []),
  ].toSorted(bySeverity)

const sum = (counts: SeverityCounts): number => countFrom(counts, 'UNDEFINED')

const some = (counts: SeverityCounts): string[] => (sum(counts) > 0 ? [inWords(counts)] : [])
const someOf = (count: number, one: string): string[] => (count > 0 ? [counted(count, one)] : [])

/** `2 critical, 5 high, 3 fails new, 4 more overdue, 1 exception ended`: those that there are. */
export function newsInWords({ findings, fails, overdue, ended }: News, isFirst: boolean): string {
  const fresh = [...some(findings), ...someOf(fails, 'fail')].join(', ')
  return [
    ...(fresh === '' ? [] : [isFirst ? fresh : `${fresh} new`]),
    ...(sum(overdue) > 0 ? [`${sum(overdue)}${isFirst ? '' : ' more'} overdue`] : []),
    ...someOf(ended.length, 'exception').map((count) => `${count} ended`),
  ].join(', ')
}

/** All that came and went since the last sweep, also what wakes nobody. */
export function changesInWords({ since }: SweepReport): string {
  if (!since) return 'There was no sweep before.'
  const [at, none] = [`since ${minute(since.at)}`, 'nothing']
  const came = [...some(since.newFindings), ...someOf(since.newFails, 'fail')].join(', ')
  const went = [...some(since.fixedFindings), ...someOf(since.fixedFails, 'fail')].join(', ')
  if (came + went === '') return `Nothing came and nothing was fixed ${at}.`
  return `New ${at}: ${came || none}. Fixed: ${went || none}.`
}
