import type { EnhancedImageScanFinding, ImageScanFinding } from '@aws-sdk/client-ecr'
import { type Finding, findingKey } from '../domain/finding.ts'
import { type Severity, type SeverityCounts, tally, toSeverity } from '../domain/severity.ts'
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
}

const findingsOf = ({ imageScanFindings: found }: FindingsPage): Finding[] => [
  ...(found?.findings ?? []).map(fromBasic),
  ...(found?.enhancedFindings ?? []).flatMap(fromEnhanced),
]

/** Asks for page after page. The same finding in two places of an image is one. */
export async function readScan(ask: (input: object) => Promise<FindingsPage>): Promise<Scanned> {
  const findings = new Map<string, Finding>()
  const first = await ask({ maxResults: 1_000 })
  for (let page = first; ; ) {
    for (const finding of findingsOf(page)) findings.set(findingKey(finding), finding)
    if (!page.nextToken) return { first, findings: [...findings.values()] }
    page = await ask({ maxResults: 1_000, nextToken: page.nextToken })
  }
}

const toCounts = (words: Readonly<Record<string, number>>): SeverityCounts => {
  const counts: Partial<Record<Severity, number>> = {}
  for (const [word, count] of Object.entries(words)) counts[toSeverity(word)] = (counts[toSeverity(word)] ?? 0) + count
  return counts
}

/** As ECR counts them; where it does not, as they were read. */
export function countsOf({ first, findings }: Scanned): SeverityCounts {
  const words = first.imageScanFindings?.findingSeverityCounts ?? {}
  return Object.keys(words).length > 0 ? toCounts(words) : tally(findings.map(({ severity }) => severity))
}
