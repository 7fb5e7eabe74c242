import type * as ecr from '@aws-sdk/client-ecr'
import { AwsError } from '../error.ts'
import type { Handler } from '../service.ts'
import { scanNotFound } from './errors.ts'
import { isIndex } from './manifest.ts'
import { orderKey, page } from './page.ts'
import type { Registry } from './state.ts'
import type { Scan, StoredImage } from './stored.ts'

/** How long (ms on the virtual clock) a scan takes that StartImageScan began. */
const SCAN_TAKES = 5_000
const DAY = 24 * 60 * 60 * 1000

type Finding = ecr.ImageScanFinding | ecr.EnhancedImageScanFinding

function countBySeverity(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { severity = 'UNDEFINED' } of findings) counts[severity] = (counts[severity] ?? 0) + 1
  return counts
}

/** The scan as it stands now: one that was started has to run before it has a result. */
function currentScan({ scan, scanStartedAt }: StoredImage, now: Date): Scan | undefined {
  if (scanStartedAt === undefined) return scan
  if (now.getTime() < scanStartedAt + SCAN_TAKES) return { status: { status: 'IN_PROGRESS' } }
  const completedAt = new Date(scanStartedAt + SCAN_TAKES)
  return scan ? { ...scan, completedAt } : { status: { status: 'COMPLETE' }, findings: [], completedAt }
}

function findingsOf(scan: Scan, found: readonly Finding[], now: Date): ecr.ImageScanFindings {
  const common = {
    imageScanCompletedAt: scan.completedAt ?? now,
    vulnerabilitySourceUpdatedAt: scan.vulnerabilitySourceUpdatedAt ?? scan.completedAt ?? now,
    findingSeverityCounts: countBySeverity(scan.enhancedFindings ?? scan.findings ?? []),
  }
  if (scan.enhancedFindings) return { ...common, enhancedFindings: found as ecr.EnhancedImageScanFinding[] }
  return { ...common, findings: found as ecr.ImageScanFinding[] }
}

/**
 * Findings by page; the counts are of all pages.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
function describeFindings(registry: Registry, input: ecr.DescribeImageScanFindingsRequest) {
  const { repositoryName, imageId = {} } = input
  const image = registry.image(repositoryName, imageId)
  const scan = currentScan(image, registry.now())
  if (!scan) throw scanNotFound(imageId, registry.where(repositoryName))
  const answer = {
    registryId: registry.around.account,
    repositoryName,
    imageId: { ...imageId, imageDigest: image.digest },
    imageScanStatus: scan.status as ecr.ImageScanStatus,
  }
  const all: readonly Finding[] | undefined = scan.enhancedFindings ?? scan.findings
  // A scan that failed or still runs has no findings at all, not an empty list of them.
  if (!all) return answer
  const numbered = all.map((finding, index) => ({ finding, key: orderKey(index) }))
  const scope = `DescribeImageScanFindings ${repositoryName} ${image.digest}`
  const { items, nextToken } = page(numbered, ({ key }) => key, scope, input)
  const found = items.map(({ finding }) => finding)
  return { ...answer, imageScanFindings: findingsOf(scan, found, image.pushedAt), nextToken }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_StartImageScan.html */
function startScan(registry: Registry, { repositoryName, imageId = {} }: ecr.StartImageScanRequest) {
  const image = registry.image(repositoryName, imageId)
  if (registry.scanning.scanType === 'ENHANCED') throw new AwsError('ValidationException', 'This feature is disabled')
  if (isIndex(image))
    throw new AwsError(
      'UnsupportedImageTypeException',
      `The media type '${image.mediaType}' of the image cannot be scanned`,
    )
  const now = registry.now().getTime()
  const last = image.scanStartedAt
  if (last !== undefined && now - last < DAY)
    throw new AwsError('LimitExceededException', 'The scan quota per image has been exceeded. Wait and try again.')
  image.scanStartedAt = now
  return {
    registryId: registry.around.account,
    repositoryName,
    imageId: { ...imageId, imageDigest: image.digest },
    imageScanStatus: { status: 'IN_PROGRESS' },
  }
}

export const scanHandlers = (registry: Registry): Record<string, Handler> => ({
  DescribeImageScanFindings: (input: ecr.DescribeImageScanFindingsRequest) => describeFindings(registry, input),
  StartImageScan: (input: ecr.StartImageScanRequest) => startScan(registry, input),
})
