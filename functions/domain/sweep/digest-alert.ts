import type { Alert } from '../alert.ts'
import { roughBytes } from '../bytes.ts'
import { envelope, type Telling } from '../compose.ts'
import { monthly } from '../cost.ts'
import { counted } from '../counted.ts'
import { bySeverity, inWords, type Severity } from '../severity.ts'
import { gapInWords, gapNotices } from './digest-gaps.ts'
import { closesInWords, itemsOf, signed } from './digest-items.ts'
import { itemsOfLook, lookInWords, severitiesOfLook } from './digest-look.ts'
import { changesInWords, type News, newsInWords, newsOf, severitiesOf } from './digest-news.ts'
import type { FirstLook } from './first-look.ts'
import type { SweepReport } from './report.ts'

/** Nothing to be judged is no pass. */
const isEmpty = ({ coverage }: SweepReport): boolean => coverage.judged === 0

function severityOf(report: SweepReport, loud: readonly Severity[]): Severity {
  const { verdict, coverage } = report
  if (loud.length === 0 && (verdict === 'unknown' || isEmpty(report))) return 'UNDEFINED'
  const found: readonly Severity[] = [...loud, ...(coverage.complete ? [] : (['MEDIUM'] as const))]
  return found.toSorted(bySeverity)[0] ?? 'INFORMATIONAL'
}

/** `score 71 (−3)`, rounded as people compare it. */
const scoreOf = ({ score, since }: SweepReport): string =>
  `score ${Math.round(score)}${since ? ` (${signed(since.score)})` : ''}`

/** Nothing is new; whether all is known is another question. */
const calm = ({ verdict, totals: { unscanned } }: SweepReport): string =>
  verdict === 'unknown' && unscanned > 0
    ? `Unknown: ${counted(unscanned, 'image')} not scanned`
    : 'Nothing new to decide'

function titleOf(report: SweepReport, news: News): string {
  const { since, verdict } = report
  const [gap, said] = [gapInWords(report), newsInWords(news, since === null)]
  if (gap !== undefined) return `Sweep incomplete: ${gap}${said === '' ? '' : `; ${said}`}`
  if (isEmpty(report)) return 'Nothing was judged: no repository was found'
  if (since === null) return `First sweep: ${verdict}${said === '' ? '' : `, ${said}`}; ${scoreOf(report)}`
  return `${said === '' ? calm(report) : `Sweep: ${said}`}; ${scoreOf(report)}`
}

/** What nobody was told of yet first; verdict and coverage before anything that might reassure. */
function summaryOf(report: SweepReport, look: FirstLook | undefined): string {
  const { verdict, coverage, totals, targets } = report
  const judged = `${coverage.judged} of ${counted(coverage.listed, 'repository', 'repositories')}`
  const where = counted(targets.length, 'registry', 'registries')
  const all = `Verdict: ${verdict}. ${judged} judged in ${where}, ${counted(totals.images, 'image')}.`
  return [...(look ? [lookInWords(look)] : []), all, changesInWords(report)].join(' ')
}

const HIDDEN = 'Mend what is noted above: what was not judged may hide anything.'
const NOWHERE = 'See whether accounts and regions under sweep in steward.yaml are those that you mean.'
const MOST = 3

/** Decisions in the order in which they press. */
function todoOf(report: SweepReport, news: News): string {
  const { coverage, fixes, exceptions } = report
  const [first] = fixes
  const soon = exceptions.filter(({ state }) => state === 'expires-soon').length
  const isNews = severitiesOf(news).length > 0
  const steps = [
    ...(coverage.complete ? [] : [HIDDEN]),
    ...(coverage.complete && isEmpty(report) ? [NOWHERE] : []),
    ...(news.ended.length > 0
      ? [`Renew or drop ${counted(news.ended.length, 'exception')} that ended: what it was about counts again.`]
      : []),
    ...(isNews && first ? [`Begin with “${first.title}”: it ${closesInWords(first)}.`] : []),
    ...(soon > 0 ? [`Decide on ${counted(soon, 'exception')} before the end.`] : []),
  ]
  return steps.slice(0, MOST).join(' ') || 'Nothing new has to be decided.'
}

const change = (since: SweepReport['since']): string => {
  if (!since || Math.abs(since.bytes) < 1) return ''
  return ` (${since.bytes > 0 ? '+' : '−'}${roughBytes(Math.abs(since.bytes))})`
}

const isLink = (url: string | undefined): url is string => url?.startsWith('https://') ?? false

function factsOf({ score, since, totals }: SweepReport, reportUrl: string | undefined): Alert['facts'] {
  const { bytes, dollarsPerMonth, removableBytes, removableDollarsPerMonth, fails, unknowns, excepted, unscanned } =
    totals
  const rules = [counted(fails, 'fail'), ...(unknowns > 0 ? [`${unknowns} unknown`] : [])].join(', ')
  return [
    { name: 'Score', value: `${Math.round(score)} of 100${since ? ` (${signed(since.score)})` : ''}` },
    { name: 'Overdue', value: inWords(totals.overdue) || 'none' },
    { name: 'Rules', value: rules },
    ...(unscanned > 0 ? [{ name: 'Not scanned', value: counted(unscanned, 'image') }] : []),
    ...(excepted > 0 ? [{ name: 'Excepted', value: String(excepted) }] : []),
    { name: 'In store', value: `${roughBytes(bytes)}${change(since)}, ${monthly(dollarsPerMonth)}` },
    ...(removableBytes > 0
      ? [{ name: 'Can go', value: `at most ${roughBytes(removableBytes)}, ${monthly(removableDollarsPerMonth)}` }]
      : []),
    ...(reportUrl !== undefined && !isLink(reportUrl) ? [{ name: 'Report', value: reportUrl }] : []),
  ]
}

/** What a digest has beside the report itself. */
export type DigestExtras = {
  /** Where the report lies; what is no https address is told as a fact. */
  readonly url?: string | undefined
  /** A line for a shell that brings the report. */
  readonly command?: string | undefined
  /** What is told here because nothing was told of these registries before. */
  readonly look?: FirstLook | undefined
}

/**
 * What a sweep comes to, for the first coffee: verdict and gaps, what is new, what has to be decided, what closes most.
 * Severity is that of what is new, so that a morning without news is INFORMATIONAL; a gap is never below MEDIUM, and where
 * nothing is known it is UNDEFINED.
 * @param telling about the registry of the stack
 */
export function composeDigest(telling: Telling, report: SweepReport, { url, command, look }: DigestExtras = {}): Alert {
  const news = newsOf(report)
  const loud = [...severitiesOf(news), ...(look ? severitiesOfLook(look) : [])]
  const rest = itemsOf(report, news, loud.length === 0)
  const items = [...(look ? itemsOfLook(look) : []), ...rest.items]
  const content = {
    kind: 'digest',
    severity: severityOf(report, loud),
    title: titleOf(report, news),
    summary: summaryOf(report, look),
    counts: report.totals.findings,
    ...{ items, omitted: rest.omitted },
    todo: todoOf(report, news),
    facts: factsOf(report, url),
    command,
    links: isLink(url) ? [{ text: 'Open the report', url }] : [],
  } as const
  return envelope({ ...telling, notices: [...gapNotices(report), ...telling.notices] }, content, [report.id])
}
