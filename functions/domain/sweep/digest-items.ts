import type { Alert, AlertItem } from '../alert.ts'
import { counted } from '../counted.ts'
import { inWords, type SeverityCounts } from '../severity.ts'
import type { News } from './digest-news.ts'
import type { ExceptionState, OwnerReport, SweepReport, TopFix } from './report.ts'
import { rebuildText } from './sentences.ts'

/** Of each kind that a reader can take in before work. */
const FIXES = 3
const OWNERS = 3
const EXCEPTIONS = 5

/** `+3`, `−12`, `±0`: with the sign that a reader looks for. */
export function signed(change: number): string {
  const rounded = Math.round(change)
  if (rounded === 0) return '±0'
  return rounded > 0 ? `+${rounded}` : `−${-rounded}`
}

const some = (count: number, one: string, many?: string): string[] => (count > 0 ? [counted(count, one, many)] : [])

const exceptionItem =
  ({ ended }: News) =>
  (exception: ExceptionState): AlertItem => {
    const { what, owner, reason, expires, line, uses, state } = exception
    const isOver = state === 'expired'
    return {
      id: what,
      severity: isOver ? 'MEDIUM' : 'LOW',
      change: ended.includes(exception) ? 'new' : 'known',
      subject: 'Exceptions',
      text: `${isOver ? 'ended' : 'ends'} on ${expires}: ${reason}`,
      notes: [owner, ...(uses > 0 ? [`covers ${counted(uses, 'subject')}`] : []), `steward.yaml, line ${line}`],
    }
  }

/** Those that ended before those that will, and of them the next to end first. */
const exceptionItems = ({ exceptions }: SweepReport, news: News): AlertItem[] => {
  const due = exceptions.filter(({ state }) => state === 'expired' || state === 'expires-soon')
  const isOver = ({ state }: ExceptionState): number => Number(state === 'expired')
  return due.toSorted((a, b) => isOver(b) - isOver(a) || a.expires.localeCompare(b.expires)).map(exceptionItem(news))
}

const overdueItems = ({ ages, since }: SweepReport, { overdue }: News): AlertItem[] =>
  ages.flatMap(({ severity, sla, overdue: count }) =>
    count === 0 || sla === null
      ? []
      : [
          {
            id: `${count} ${severity.toLowerCase()}`,
            severity,
            change: overdue[severity] ? 'new' : 'known',
            subject: 'Overdue',
            text: `older than ${counted(sla, 'day')}`,
            notes: since && overdue[severity] ? [`${overdue[severity]} more than last time`] : [],
          } satisfies AlertItem,
        ],
  )

/** `closes 214 findings, 3 fails in 31 images of 5 repositories`. */
export const closesInWords = ({ closes: { findings, fails, images, repositories } }: TopFix): string => {
  const what = [...some(findings, 'finding'), ...some(fails, 'fail')].join(', ')
  const where = [...some(images, 'image'), ...some(repositories, 'repository', 'repositories')].join(' of ')
  return `closes ${what}${where === '' ? '' : ` in ${where}`}`
}

const fixItem = (fix: TopFix): AlertItem => ({
  id: fix.title,
  severity: fix.severity,
  change: 'known',
  subject: 'Top fixes',
  text: closesInWords(fix),
  notes: [],
  ...(fix.command !== undefined && { command: fix.command }),
})

/** The most effective rebuild has its line, whatever else closes more. */
function fixItems({ fixes, ancestry }: SweepReport): AlertItem[] {
  const first = fixes.slice(0, FIXES)
  const [base] = ancestry.bases
  const title = base && rebuildText(base)
  const rest = fixes.slice(FIXES).find((fix) => fix.title === title)
  return [...first, ...(rest ? [rest] : [])].map(fixItem)
}

const sumOf = (counts: SeverityCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

const ownerItem = ({ owner, score, findings, overdue }: OwnerReport, change: number): AlertItem => {
  const late = sumOf(overdue)
  return {
    id: owner,
    severity: 'INFORMATIONAL',
    change: 'new',
    subject: 'Owners that got worse',
    text: `score ${Math.round(score)} (${signed(change)})`,
    notes: [inWords(findings), late > 0 ? `${late} overdue` : ''].filter(Boolean),
  }
}

/** Those that lost most first. A change that is not seen in whole points is none. */
const ownerItems = ({ owners }: SweepReport): AlertItem[] =>
  owners
    .map((owner) => ({ owner, change: owner.change ?? 0 }))
    .filter(({ change }) => Math.round(change) < 0)
    .toSorted((a, b) => a.change - b.change)
    .slice(0, OWNERS)
    .map(({ owner, change }) => ownerItem(owner, change))

/** What has to be decided first, then what there is to do, then who has to hear of it. Where nothing is new, only what has a date. */
export function itemsOf(report: SweepReport, news: News, isCalm: boolean): Pick<Alert, 'items' | 'omitted'> {
  const exceptions = exceptionItems(report, news)
  const rest = isCalm ? [] : [...overdueItems(report, news), ...fixItems(report), ...ownerItems(report)]
  return {
    items: [...exceptions.slice(0, EXCEPTIONS), ...rest],
    omitted: Math.max(0, exceptions.length - EXCEPTIONS),
  }
}
