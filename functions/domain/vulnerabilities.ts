import { advise } from './advice.ts'
import type { Alert, AlertItem } from './alert.ts'
import type { AlertContent } from './compose.ts'
import { type Finding, findingKey } from './finding.ts'
import { byUrgency } from './ranking.ts'
import { shortName } from './registry.ts'
import { type ScanTelling, scanEnvelope } from './scan-telling.ts'
import {
  countFrom,
  countsFrom,
  inWords,
  type Severity,
  type SeverityCounts,
  severitiesFrom,
  tally,
} from './severity.ts'
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

const versions = ({ installed = 'version unknown', fixed }: Finding, fixesKnown: boolean): string => {
  if (fixed !== undefined) return `${installed} → ${fixed}`
  return fixesKnown ? `${installed}, no fix yet` : installed
}

type Context = { readonly told: Told | undefined; readonly fixesKnown: boolean }

const toItem =
  (change: AlertItem['change'], { told, fixesKnown }: Context) =>
  (finding: Finding): AlertItem => ({
    id: finding.id,
    severity: finding.severity,
    change,
    subject: finding.package,
    text: change === 'gone' ? 'no longer found' : versions(finding, fixesKnown),
    notes: notesOf(finding, told && 'findings' in told ? told.findings[findingKey(finding)] : undefined),
    ...(isHttps(finding.url) ? { url: finding.url } : {}),
  })

function itemsOf({ fresh, known, gone }: Changes, context: Context): AlertItem[] {
  const sorted = (findings: readonly Finding[]) => findings.toSorted(byUrgency)
  return [
    ...sorted(fresh).map(toItem('new', context)),
    ...sorted(known).map(toItem('known', context)),
    ...sorted(gone).map(toItem('gone', context)),
  ]
}

const isUpdate = ({ known, gone }: Changes): boolean => known.length + gone.length > 0

const fixable = (findings: readonly Finding[]): number => findings.filter(({ fixed }) => fixed !== undefined).length

/** Enhanced scanning says of each finding whether a version fixes it; basic scanning never does. */
const knowsFixes = ({ scanner }: ScanTelling, findings: readonly Finding[]): boolean =>
  scanner === 'enhanced' || fixable(findings) > 0

function headline(telling: ScanTelling, counts: SeverityCounts, changes: Changes): Pick<Alert, 'title' | 'summary'> {
  const name = shortName(telling.image)
  const { fresh, known, gone } = changes
  if (isUpdate(changes)) {
    const news = inWords(tally(fresh.map(({ severity }) => severity)))
    return {
      title: `New in ${name}: ${news}`,
      summary: [
        `+${fresh.length} new`,
        ...(gone.length > 0 ? [`−${gone.length} fixed`] : []),
        ...(known.length > 0 ? [`${known.length} known`] : []),
      ].join(', '),
    }
  }
  const { threshold } = telling.policy
  if (countFrom(counts, threshold) === 0)
    return { title: `Findings unknown in ${name}`, summary: 'The scan is complete, and what it found is not known.' }
  const fixes = fresh.length > 0 && knowsFixes(telling, fresh) ? `, ${fixable(fresh)} with a fix` : ''
  return {
    title: `${inWords(countsFrom(counts, threshold))} in ${name}`,
    summary: `${countFrom(counts, threshold)} at ${threshold} or above${fixes}`,
  }
}

/** Findings by severity, as the read has them; the event's own where nothing could be read. */
type Scanned = { readonly seen: Seen; readonly counts: SeverityCounts; readonly told?: Told | undefined }

/**
 * The alert on the vulnerabilities of one image: what is new first, worst first. Its severity is that of the worst news.
 * @param scanned what is there now, the counts of all severities, and what was told before
 */
export function composeVulnerabilities(telling: ScanTelling, { seen, counts, told }: Scanned, changes: Changes): Alert {
  const current = [...changes.fresh, ...changes.known]
  const fixesKnown = current.length > 0 && knowsFixes(telling, current)
  const items = itemsOf(changes, { told, fixesKnown })
  const content: AlertContent = {
    kind: 'vulnerabilities',
    severity: items[0]?.severity ?? worstOf(counts),
    ...headline(telling, counts, changes),
    counts,
    items: items.slice(0, ITEMS),
    omitted: Math.max(0, items.length - ITEMS),
    todo: advise(current, { fixesKnown, baseLayer: telling.baseLayer }),
    facts: fixesKnown ? [{ name: 'With a fix', value: `${fixable(current)} of ${current.length}` }] : [],
  }
  return scanEnvelope(telling, content, [told ?? null, remember(seen, told)])
}

const worstOf = (counts: SeverityCounts): Severity => severitiesFrom('UNDEFINED').find((s) => counts[s]) ?? 'UNDEFINED'
