import { advise } from './advice.ts'
import type { AgreedFindings, ExceptedFinding } from './agreed-findings.ts'
import { agreementInWords } from './agreement.ts'
import type { Alert, AlertItem } from './alert.ts'
import { broughtBy } from './ancestry/brought.ts'
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

type Context = {
  readonly told: Told | undefined
  readonly fixesKnown: boolean
  readonly lapsed?: AgreedFindings['lapsed'] | undefined
}

const itemOf = (finding: Finding, item: Pick<AlertItem, 'change' | 'text' | 'notes'>): AlertItem => ({
  id: finding.id,
  severity: finding.severity,
  subject: finding.package,
  ...item,
  ...(isHttps(finding.url) ? { url: finding.url } : {}),
})

const toItem =
  (change: AlertItem['change'], { told, fixesKnown, lapsed }: Context) =>
  (finding: Finding): AlertItem => {
    const ended = lapsed?.get(findingKey(finding))
    return itemOf(finding, {
      change,
      text: change === 'gone' ? 'no longer found' : versions(finding, fixesKnown),
      notes: [
        ...(ended ? [agreementInWords({ state: 'expired', exception: ended })] : []),
        ...notesOf(finding, told && 'findings' in told ? told.findings[findingKey(finding)] : undefined),
      ],
    })
  }

const toExceptedItem = ({ finding, exception }: ExceptedFinding): AlertItem =>
  itemOf(finding, {
    change: 'excepted',
    text: agreementInWords({ state: 'excepted', exception }),
    notes: notesOf(finding, undefined),
  })

/** What is excepted comes last, so that it goes first where a message is too long. */
function itemsOf({ fresh, known, gone }: Changes, excepted: readonly ExceptedFinding[], context: Context): AlertItem[] {
  const sorted = (findings: readonly Finding[]) => findings.toSorted(byUrgency)
  return [
    ...sorted(fresh).map(toItem('new', context)),
    ...sorted(known).map(toItem('known', context)),
    ...sorted(gone).map(toItem('gone', context)),
    ...excepted.toSorted((a, b) => byUrgency(a.finding, b.finding)).map(toExceptedItem),
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

/** What it has from the image that it is built upon, where its layers are known. */
function inheritedFact(findings: readonly Finding[], { ancestor }: ScanTelling): Alert['facts'] {
  const { inherited } = broughtBy(findings, ancestor)
  if (!ancestor || inherited.length === 0) return []
  return [
    {
      name: 'From the base',
      value: `${inherited.length} of ${findings.length}${ancestor.name ? `, ${ancestor.name}` : ''}`,
    },
  ]
}

/** Findings by severity, as the read has them; the event's own where nothing could be read. */
type Scanned = { readonly seen: Seen; readonly counts: SeverityCounts; readonly told?: Told | undefined }

const NOTHING_AGREED: Pick<AgreedFindings, 'excepted' | 'lapsed'> = { excepted: [], lapsed: new Map() }

/** The counts without what is excepted: what the headline speaks of. */
function countingOf(counts: SeverityCounts, excepted: readonly ExceptedFinding[]): SeverityCounts {
  const less = tally(excepted.map(({ finding }) => finding.severity))
  const entries = Object.entries(counts) as [Severity, number][]
  return Object.fromEntries(entries.map(([severity, count]) => [severity, Math.max(0, count - (less[severity] ?? 0))]))
}

/**
 * The alert on the vulnerabilities of one image: what is new first, worst first, what is excepted last.
 * Its severity is that of the worst news.
 * @param scanned what is there now, the counts of all severities, and what was told before
 */
export function composeVulnerabilities(telling: ScanTelling, { seen, counts, told }: Scanned, changes: Changes): Alert {
  const { excepted, lapsed } = { ...NOTHING_AGREED, ...('findings' in seen && seen) }
  const current = [...changes.fresh, ...changes.known]
  const fixesKnown = current.length > 0 && knowsFixes(telling, current)
  const items = itemsOf(changes, excepted, { told, fixesKnown, lapsed })
  const { title, summary } = headline(telling, countingOf(counts, excepted), changes)
  const content: AlertContent = {
    kind: 'vulnerabilities',
    severity: items.find(({ change }) => change !== 'excepted')?.severity ?? worstOf(counts),
    title,
    summary: excepted.length > 0 ? `${summary}, ${excepted.length} excepted` : summary,
    counts,
    items: items.slice(0, ITEMS),
    omitted: Math.max(0, items.length - ITEMS),
    todo: advise(current, { fixesKnown, ancestor: telling.ancestor }),
    facts: [
      ...(fixesKnown ? [{ name: 'With a fix', value: `${fixable(current)} of ${current.length}` }] : []),
      ...inheritedFact(current, telling),
      ...(excepted.length > 0 ? [{ name: 'Excepted', value: String(excepted.length) }] : []),
    ],
  }
  return scanEnvelope(telling, content, [told ?? null, remember(seen, told)])
}

const worstOf = (counts: SeverityCounts): Severity => severitiesFrom('UNDEFINED').find((s) => counts[s]) ?? 'UNDEFINED'
