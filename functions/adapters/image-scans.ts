import pLimit from 'p-limit'
import type { ImageScan, PlatformScan } from '../domain/facts/image-facts.ts'
import type { ImageRef } from '../domain/image.ts'
import { scanOutcome } from '../domain/scan-status.ts'
import type { Images } from '../policy/image/platforms.ts'
import { type EcrCall, instant, noneIf } from './ecr-call.ts'
import { countsOf, type FindingsPage, readScan, type Scanned, saysFindings, unlistedOf } from './ecr-scan.ts'

/** Platforms of indexes whose scans are read side by side. */
const AT_ONCE = 8

type Of = Pick<PlatformScan, 'digest' | 'platform'>

const osOf = ({ imageScanFindings }: FindingsPage): string | undefined =>
  imageScanFindings?.enhancedFindings
    ?.flatMap(({ resources = [] }) => resources.map(({ details }) => details?.awsEcrContainerImage?.platform))
    .find(Boolean)

const SILENT = 'ECR says that it is complete, and not what it found'

function scanFrom(of: Of, scanned: Scanned | undefined): PlatformScan {
  if (!scanned) return { ...of, outcome: 'never', counts: {}, findings: [], saysFixes: false }
  const { first, findings } = scanned
  // An answer without a status is none: unknown, not clean.
  const { status = 'UNKNOWN', description } = first.imageScanStatus ?? {}
  const { enhancedFindings, imageScanCompletedAt } = first.imageScanFindings ?? {}
  const scan = {
    ...{ status, os: osOf(first), saysFixes: enhancedFindings !== undefined },
    ...{ counts: countsOf(scanned), findings, unlisted: unlistedOf(scanned), scannedAt: instant(imageScanCompletedAt) },
  }
  const outcome = scanOutcome(status)
  return outcome === 'complete' && !saysFindings(scanned)
    ? { ...of, ...scan, outcome: 'failed', description: SILENT }
    : { ...of, ...scan, outcome, description }
}

/** Reads the scan of an image, or of a platform of it. */
export type ScanOf = (image: ImageRef, of: Of) => Promise<PlatformScan>

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html */
export const ecrScan =
  (call: EcrCall): ScanOf =>
  async (image, of) => {
    const named = { registryId: image.account, repositoryName: image.repository, imageId: { imageDigest: of.digest } }
    const ask = (input: object) => call<FindingsPage>(image, 'DescribeImageScanFindings', { ...named, ...input })
    return scanFrom(of, await readScan(ask).catch(noneIf('ScanNotFoundException')))
  }

/** Reads the scans of what a digest stands for. @param own the scan of the image itself, where somebody has asked already */
export type ScansOf = (image: ImageRef, opened: Images, own?: Promise<PlatformScan>) => Promise<ImageScan>

/** Of an index the scans of its platforms, few side by side, since an index itself is never scanned. */
export function scansOf(scanOf: ScanOf): ScansOf {
  const limit = pLimit(AT_ONCE)
  return async (image, opened, own) => {
    if (opened.kind === 'artifact') return { platforms: [] }
    const members = opened.images.filter(({ digest }) => digest !== image.digest)
    if (members.length === 0) return { platforms: [await (own ?? scanOf(image, { digest: image.digest }))] }
    return { platforms: await limit.map(members, ({ digest, platform }) => scanOf(image, { digest, platform })) }
  }
}

/** Scans as ECR has them. */
export function ecrScans(
  call: EcrCall,
  images: (image: ImageRef) => Promise<Images>,
): (image: ImageRef) => Promise<ImageScan> {
  const scanOf = ecrScan(call)
  const scans = scansOf(scanOf)
  return async (image) => {
    // Asked for at once, as if it were no index: most are none.
    const own = scanOf(image, { digest: image.digest })
    own.catch(() => undefined)
    return scans(image, await images(image), own)
  }
}
