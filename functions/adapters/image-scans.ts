import pLimit from 'p-limit'
import type { ImageScan, PlatformScan } from '../domain/facts/image-facts.ts'
import type { ImageRef } from '../domain/image.ts'
import { scanOutcome } from '../domain/scan-status.ts'
import type { Images } from '../policy/image/platforms.ts'
import { type EcrCall, noneIf } from './ecr-call.ts'
import { countsOf, type FindingsPage, readScan, type Scanned } from './ecr-scan.ts'

/** Platforms of indexes whose scans are read side by side. */
const AT_ONCE = 8

type Of = Pick<PlatformScan, 'digest' | 'platform'>

const osOf = ({ imageScanFindings }: FindingsPage): string | undefined =>
  imageScanFindings?.enhancedFindings
    ?.flatMap(({ resources = [] }) => resources.map(({ details }) => details?.awsEcrContainerImage?.platform))
    .find(Boolean)

function scanFrom(of: Of, scanned: Scanned | undefined): PlatformScan {
  if (!scanned) return { ...of, outcome: 'never', counts: {}, findings: [], saysFixes: false }
  const { first, findings } = scanned
  // An answer without a status is none: unknown, not clean.
  const { status = 'UNKNOWN', description } = first.imageScanStatus ?? {}
  const saysFixes = first.imageScanFindings?.enhancedFindings !== undefined
  const scan = { status, outcome: scanOutcome(status), description, saysFixes, os: osOf(first) }
  return { ...of, ...scan, counts: countsOf(scanned), findings }
}

/**
 * Scans as ECR has them; of an index those of its platforms, since an index itself is never scanned.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
export function ecrScans(
  call: EcrCall,
  images: (image: ImageRef) => Promise<Images>,
): (image: ImageRef) => Promise<ImageScan> {
  const limit = pLimit(AT_ONCE)

  async function scanOf(image: ImageRef, of: Of): Promise<PlatformScan> {
    const named = { registryId: image.account, repositoryName: image.repository, imageId: { imageDigest: of.digest } }
    const ask = (input: object) => call<FindingsPage>(image, 'DescribeImageScanFindings', { ...named, ...input })
    return scanFrom(of, await readScan(ask).catch(noneIf('ScanNotFoundException')))
  }

  return async (image) => {
    // Asked for at once, as if it were no index: most are none.
    const own = scanOf(image, { digest: image.digest })
    own.catch(() => undefined)
    const opened = await images(image)
    if (opened.kind === 'artifact') return { platforms: [] }
    const members = opened.images.filter(({ digest }) => digest !== image.digest)
    if (members.length === 0) return { platforms: [await own] }
    return { platforms: await limit.map(members, ({ digest, platform }) => scanOf(image, { digest, platform })) }
  }
}
