import { standardCost } from '../cost.ts'
import { csvLine } from '../csv.ts'
import { SEVERITIES, type SeverityCounts } from '../severity.ts'
import type { RepositoryReport, SweepReport } from './report.ts'

const COLUMNS = [
  ...['account', 'region', 'repository', 'state', 'owner', 'score', 'images', 'bytes', 'dollarsPerMonth'],
  ...['removableBytes', 'removableDollarsPerMonth', ...SEVERITIES.map((severity) => severity.toLowerCase())],
  ...['overdue', 'fails', 'unknowns', 'excepted', 'why'],
]

const sum = (counts: SeverityCounts): number => Object.values(counts).reduce((all, count) => all + count, 0)

const judged = (one: RepositoryReport): string =>
  csvLine([
    ...[one.account, one.region, one.repository, one.unread.length > 0 ? 'partly judged' : 'judged', one.owner],
    ...[one.score, one.images, one.bytes, one.dollarsPerMonth, one.removableBytes, standardCost(one.removableBytes)],
    ...SEVERITIES.map((severity) => one.findings[severity] ?? 0),
    ...[sum(one.overdue), one.fails, one.unknowns, one.excepted, one.unread.join('; ')],
  ])

/** A line without numbers: what is not known is left empty, never 0. */
const gap = (account: string, region: string, repository: string, state: string, why: string): string => {
  const known = [account, region, repository, state]
  return csvLine([...known, ...COLUMNS.slice(known.length, -1).map(() => ''), why])
}

/**
 * The report as CSV, line by line: one for each repository, those that were not judged too, and one for each registry with a
 * problem. Bytes, dollars a month; findings by severity once for each image.
 */
export function* reportCsv({ repositories, coverage, targets }: SweepReport): Generator<string> {
  yield csvLine(COLUMNS)
  for (const { account, region, problem } of targets)
    if (problem !== null) yield gap(account, region, '', 'registry not judged whole', problem)
  for (const { account, region, repository, why } of coverage.notJudged)
    yield gap(account, region, repository ?? '', 'not judged', why)
  if (coverage.omitted > 0) yield gap('', '', '', 'not judged', `${coverage.omitted} more that are not named here`)
  for (const repository of repositories) yield judged(repository)
}
