import { agree } from '../../functions/domain/agreed-findings.ts'
import type { Exception } from '../../functions/domain/exception.ts'
import type { ImageScan, PlatformScan } from '../../functions/domain/facts/image-facts.ts'
import { type Finding, findingKey } from '../../functions/domain/finding.ts'
import type { ImageRef } from '../../functions/domain/image.ts'
import { SEVERITIES, type SeverityCounts, tally } from '../../functions/domain/severity.ts'
import { type RowScan, SCAN_STATES } from './result.ts'

function sumOf(all: readonly SeverityCounts[]): SeverityCounts {
  const sums = SEVERITIES.map((name) => [name, all.reduce((sum, counts) => sum + (counts[name] ?? 0), 0)] as const)
  return Object.fromEntries(sums.filter(([, count]) => count > 0))
}

/** What ECR counts and does not list: of such findings nobody can tell whether two platforms have the same. */
const unlistedIn = ({ findings, counts, unlisted = {} }: PlatformScan): SeverityCounts =>
  findings.length === 0 ? counts : unlisted

/** A finding of several platforms is one. */
const findingsIn = (platforms: readonly PlatformScan[]): readonly Finding[] => [
  ...new Map(platforms.flatMap(({ findings }) => findings).map((finding) => [findingKey(finding), finding])).values(),
]

/** Of what is not scanned, or not known. */
export const emptyScan = (state: RowScan['state']): RowScan => ({ state, counts: {}, excepted: 0, platforms: [] })

/** A scan without its findings, of which there may be thousands. */
export function scanOf({ platforms }: ImageScan, exceptions: readonly Exception[], ref: ImageRef, now: Date): RowScan {
  const findings = findingsIn(platforms)
  const outcomes = new Set<string>(platforms.map(({ outcome }) => outcome))
  return {
    state: SCAN_STATES.findLast((state) => outcomes.has(state)) ?? 'none',
    counts: { ...sumOf([tally(findings.map(({ severity }) => severity)), ...platforms.map(unlistedIn)]) },
    excepted: agree(findings, exceptions, ref, now).excepted.length,
    platforms: platforms.map(({ digest, platform, status, scannedAt, counts }) => ({
      digest,
      ...(platform !== undefined && { platform }),
      ...(status !== undefined && { status }),
      ...(scannedAt !== undefined && { scannedAt }),
      counts: { ...counts },
    })),
  }
}
