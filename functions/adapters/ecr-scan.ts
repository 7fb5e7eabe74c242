import type { EnhancedImageScanFinding, ImageScanFinding } from '@aws-sdk/client-ecr'
import { type Finding, findingKey } from '../domain/finding.ts'
import { SEVERITIES, type Severity, type SeverityCounts, tally, toSeverity } from '../domain/severity.ts'
import { fromBasic, fromEnhanced } from './ecr-findings.ts'

/** What is used of a page of findings, as ECR's JSON has it: instants are seconds since 1970. */
export type FindingsPage = {
  readonly imageScanStatus?: { readonly status?: string; readonly description?: string }
  readonly imageScanFindings?: {
    readonly imageScanCompletedAt?: number
    readonly findingSeverityCounts?: Readonly<Record<string, number>>
    readonly findings?: readonly ImageScanFinding[]
    readonly enhancedFindings?: readonly EnhancedImageScanFinding[]
  }
  readonly nextToken?: string
}

/** A scan with the findings of all of its pages. */
export type Scanned = {
  /** What every page says alike. */
  readonly first: FindingsPage
  readonly findings: readonly Finding[]
  /** What was listed, by severity: also what is suppressed, and what is listed twice. */
  readonly listed: SeverityCounts
}

const findingsOf = ({ imageScanFindings: found }: FindingsPage): Finding[] => [
  ...(found?.findings ?? []).map(fromBasic),
  ...(found?.enhancedFindings ?? []).flatMap(fromEnhanced),
]

const severitiesIn = ({ imageScanFindings: found }: FindingsPage): Severity[] =>
  [...(found?.findings ?? []), ...(found?.enhancedFindings ?? [])].map(({ severity }) => toSeverity(severity ?? ''))

/** Asks for page after page. The same finding in two places of an image is one. */
export async function readScan(ask: (input: object) => Promise<FindingsPage>): Promise<Scanned> {
  const findings = new Map<string, Finding>()
  const listed: Severity[] = []
  const first = await ask({ maxResults: 1_000 })
  for (let page = first; ; ) {
    for (const finding of findingsOf(page)) findings.set(findingKey(finding), finding)
    for (const severity of severitiesIn(page)) listed.push(severity)
    if (!page.nextToken) return { first, findings: [...findings.values()], listed: tally(listed) }
    page = await ask({ maxResults: 1_000, nextToken: page.nextToken })
  }
}

const toCounts = (words: Readonly<Record<string, number>>): SeverityCounts => {
  const counts: Partial<Record<Severity, number>> = {}
  for (const [word, count] of Object.entries(words))
    if (word !== 'TOTAL') counts[toSeverity(word)] = (counts[toSeverity(word)] ?? 0) + count
  return counts
}

/** As ECR counts them; where it does not, as they were read. */
export function countsOf({ first, findings }: Scanned): SeverityCounts {
  const words = first.imageScanFindings?.findingSeverityCounts ?? {}
  return Object.keys(words).length > 0 ? toCounts(words) : tally(findings.map(({ severity }) => severity))
}

/** What ECR counts and does not list. */
export function unlistedOf({ first, listed }: Scanned): SeverityCounts {
  const counts = toCounts(first.imageScanFindings?.findingSeverityCounts ?? {})
  const rest = SEVERITIES.map((severity) => [severity, (counts[severity] ?? 0) - (listed[severity] ?? 0)] as const)
  return Object.fromEntries(rest.filter(([, count]) => count > 0))
}

/** Whether it says what was found, if only that there is nothing. A scan that is said to be complete and says neither is not known. */
export const saysFindings = ({ first: { imageScanFindings: found } }: Scanned): boolean =>
  (found?.findings ?? found?.enhancedFindings ?? found?.findingSeverityCounts) !== undefined
