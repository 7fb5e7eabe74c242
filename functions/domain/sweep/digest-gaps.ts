import { counted } from '../counted.ts'
import type { SweepReport } from './report.ts'

/** Names that a sentence can bear. */
const NAMED = 3
/** A reason has to be read at a glance. Characters. */
const LONGEST = 80

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)

type Place = { readonly account: string; readonly region: string }

const registry = ({ account, region }: Place): string => `${account} in ${region}`

const repositories = (count: number): string => counted(count, 'repository', 'repositories')

/** Registries that were not listed whole, repositories that were not judged, and those that were not read whole. */
function countsOf({ targets, coverage, repositories: all }: SweepReport) {
  return {
    unlisted: targets.flatMap(({ problem, ...place }) =>
      problem === null ? [] : [`${registry(place)}: ${cut(problem)}`],
    ),
    missing: coverage.listed - coverage.judged,
    partly: all
      .filter(({ unread }) => unread.length > 0)
      .map(({ repository, unread }) => `${repository} (${cut(unread.join(', '))})`),
  }
}

/** What was not judged, in a few words: it stands before anything else. Undefined where there is no gap. */
export function gapInWords(report: SweepReport): string | undefined {
  const { coverage, targets } = report
  const { unlisted, missing } = countsOf(report)
  if (coverage.complete) return undefined
  const gaps = [
    ...(unlisted.length > 0
      ? [`${unlisted.length} of ${counted(targets.length, 'registry', 'registries')} not listed`]
      : []),
    ...(missing > 0 ? [`${missing} of ${repositories(coverage.listed)} not judged`] : []),
    ...(coverage.notWhole > 0 ? [`${repositories(coverage.notWhole)} not read whole`] : []),
  ]
  return gaps.slice(0, 2).join(', ') || 'not everything was judged'
}

function missingNotice({ coverage }: SweepReport, missing: number): string[] {
  const names = coverage.notJudged.map(
    ({ repository, why, ...place }) => `${repository ?? `the registry ${registry(place)}`} (${cut(why)})`,
  )
  const rest = Math.max(0, names.length + coverage.omitted - NAMED)
  const named = `${names.slice(0, NAMED).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
  if (missing <= 0 && names.length === 0) return []
  const lead = missing > 0 ? `${missing} of ${repositories(coverage.listed)} not judged` : 'Not judged'
  return [names.length > 0 ? `${lead}: ${named}` : `${lead}.`]
}

/** The report holds the details of some of them. */
function wholeNotice(notWhole: number, named: readonly string[]): string[] {
  if (notWhole === 0) return []
  const rest = notWhole - Math.min(named.length, NAMED)
  const names = [...named.slice(0, NAMED), ...(rest > 0 ? [`${rest} more`] : [])]
  return [`Not read whole: ${names.join('; ')}`]
}

/** Why the sweep does not know everything, a line for each kind of gap. */
export function gapNotices(report: SweepReport): readonly string[] {
  const { unlisted, missing, partly } = countsOf(report)
  return [
    ...unlisted.slice(0, NAMED).map((target) => `Not listed: ${target}`),
    ...(unlisted.length > NAMED
      ? [`… and ${counted(unlisted.length - NAMED, 'more registry', 'more registries')} not listed.`]
      : []),
    ...missingNotice(report, missing),
    ...wholeNotice(report.coverage.notWhole, partly),
  ]
}
