import { advise } from './advice.ts'
import type { Alert, AlertItem } from './alert.ts'
import { type AlertContent, envelope, type Telling } from './compose.ts'
import { type Finding, findingKey } from './finding.ts'
import { byUrgency } from './ranking.ts'
import { shortName } from './registry.ts'
import { countFrom, countsFrom, inWords, type Severity, type SeverityCounts, tally } from './severity.ts'
import { type Changes, remember, type Seen, type Told } from './triage.ts'

/** Findings that a message carries; more are counted, not listed. */
const ITEMS = 200

const percent = (share: number): string => `${share < 0.01 ? '< 1' : Math.round(share * 100)} %`

const isHttps = (url: string | undefined): url is string => Boolean(url?.startsWith('https://') && URL.canParse(url))

const notesOf = (finding: Finding, was: Severity | undefined): string[] => [
  ...(was && was !== finding.severity ? [`was ${was}`] : []),
  ...(finding.exploit ? ['exploit known'] : []),
  ...(finding.inUse ? [`in use by ${finding.inUse}`] : []),
  ...(finding.score === undefined ? [] : [`CVSS ${finding.score}`]),
  ...(finding.epss === undefined ? [] : [`EPSS ${percent(finding.epss)}`]),
]

const versions = ({ installed = '?', fixed }: Finding): string =>
  fixed === undefined ? `${installed}, no fix yet` : `${installed} → ${fixed}`

const toItem =
  (change: AlertItem['change'], told: Told | undefined) =>
  (finding: Finding): AlertItem => ({
    id: finding.id,
    severity: finding.severity,
    change,
    subject: finding.package,
    text: change === 'gone' ? 'no longer found' : versions(finding),
    notes: notesOf(finding, told && 'findings' in told ? told.findings[findingKey(finding)] : undefined),
    ...(isHttps(finding.url) ? { url: finding.url } : {}),
  })

function itemsOf({ fresh, known, gone }: Changes, told: Told | undefined): AlertItem[] {
  const sorted = (findings: readonly Finding[]) => findings.toSorted(byUrgency)
  return [
    ...sorted(fresh).map(toItem('new', told)),
    ...sorted(known).map(toItem('known', told)),
    ...sorted(gone).map(toItem('gone', told)),
  ]
}

const isUpdate = ({ known, gone }: Changes): boolean => known.length + gone.length > 0

function headline(telling: Telling, counts: SeverityCounts, changes: Changes): Pick<Alert, 'title' | 'summary'> {
  const name = shortName(telling.image)
  const { fresh, known, gone } = changes
  if (isUpdate(changes)) {
    const news = inWords(tally(fresh.map(({ severity }) => severity)))
    return {
      title: `New in ${name}: ${news}`,
      summary: `+${fresh.length} new, −${gone.length} fixed, ${known.length} known`,
    }
  }
  const { threshold } = telling.policy
  const fixable = fresh.filter(({ fixed }) => fixed !== undefined).length
  const fixes = fresh.length === 0 ? '' : `, ${fixable} with a fix`
  return {
    title: `${inWords(countsFrom(counts, threshold))} in ${name}`,
    summary: `${countFrom(counts, threshold)} at ${threshold} or above${fixes}`,
  }
}

/** Findings by severity, as the read has them; the event's own where nothing could be read. */
type Scanned = { readonly seen: Seen; readonly counts: SeverityCounts; readonly told?: Told | undefined }

/**
 * The alert on the vulnerabilities of one image: what is new first, worst first.
 * @param scanned what is there now, the counts of all severities, and what was told before
 */
export function composeVulnerabilities(telling: Telling, { seen, counts, told }: Scanned, changes: Changes): Alert {
  const current = [...changes.fresh, ...changes.known]
  const items = itemsOf(changes, told)
  const fixable = current.filter(({ fixed }) => fixed !== undefined).length
  const worst = items.filter(({ change }) => change !== 'gone').map(({ severity }) => severity)[0]
  const content: AlertContent = {
    kind: 'vulnerabilities',
    severity: worst ?? worstOf(counts),
    ...headline(telling, counts, changes),
    counts,
    items: items.slice(0, ITEMS),
    omitted: Math.max(0, items.length - ITEMS),
    todo: advise(current, telling.baseLayer),
    facts: current.length === 0 ? [] : [{ name: 'With a fix', value: `${fixable} of ${current.length}` }],
  }
  return envelope(telling, content, [told ?? null, remember(seen)])
}

const worstOf = (counts: SeverityCounts): Severity =>
  (Object.keys(countsFrom(counts, 'UNDEFINED')) as Severity[])[0] ?? 'UNDEFINED'
