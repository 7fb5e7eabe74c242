import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { type ImageRef, imageKey } from '../domain/image.ts'
import { type ChildrenOf, isIndex } from '../domain/lifecycle/image.ts'
import { scanOutcome } from '../domain/scan-status.ts'
import type { ImagesOf, ListedImage } from '../judging/repository-images.ts'
import type { Images } from '../policy/image/platforms.ts'
import type { ImageReader } from '../policy/reader.ts'
import { baseImages } from './base-images.ts'
import { ALL, type Described, describePages, isPlain, listedImage, storedImage } from './described-images.ts'
import { ecrCall } from './ecr-call.ts'
import { ecrManifests } from './ecr-manifests.ts'
import { evidenceReader } from './evidence-reading.ts'
import { ecrHoldings, listedIn } from './holdings.ts'
import { ecrConfigs } from './image-configs.ts'
import { type ImageReading, readerOf } from './image-reader.ts'
import { ecrScan, type ScanOf, type ScansOf, scansOf } from './image-scans.ts'
import { manifestsAhead } from './manifests-ahead.ts'
import type { AwsCall } from './signed-aws.ts'

/**
 * Neither basic nor enhanced scanning says it in a listing today; where one does, a call is saved.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
 * @see https://github.com/aws/containers-roadmap/issues/1662
 */
function isClean({ imageScanStatus, imageScanFindingsSummary }: Described): boolean {
  const counts = imageScanFindingsSummary?.findingSeverityCounts
  if (!counts || imageScanStatus?.status === undefined) return false
  return scanOutcome(imageScanStatus.status) === 'complete' && Object.values(counts).every((count) => count === 0)
}

const listed = (repository: RepositoryRef, described: Described): ListedImage => ({
  ...listedImage(repository, described),
  stored: storedImage(described),
  isClean: isClean(described),
})

type Scanning = {
  readonly known: ReadonlyMap<string, ListedImage>
  readonly scanOf: ScanOf
  readonly scans: ScansOf
  readonly images: (image: ImageRef) => Promise<Images>
}

const CLEAN = { status: 'COMPLETE', outcome: 'complete', counts: {}, findings: [], saysFixes: false } as const

async function scanWith(image: ImageRef, { known, scanOf, scans, images }: Scanning) {
  const { digest } = image
  const one = known.get(imageKey(image))
  if (!one || !isPlain(one)) return scans(image, await images(image))
  return { platforms: [one.isClean ? { digest, ...CLEAN } : await scanOf(image, { digest })] }
}

/**
 * Images of repositories in `region`, read for a sweep: a page of 1,000 is one call, 100 manifests are one, and 100 of what
 * their indexes list; of each image, or of each platform of an index, one for its scan.
 */
export function repositoryImages(aws: AwsCall, { bases = [], evidence, ...source }: ImageReading): ImagesOf {
  const call = ecrCall(aws, source.region)
  const rest = ecrManifests(call)
  const holdings = ecrHoldings(aws, source.region)
  const shared = { call, configs: ecrConfigs(call, source), bases: baseImages(call, rest, bases) }
  const scanOf = ecrScan(call)
  const scans = scansOf(scanOf)

  return (repository, isPlanned) => {
    const ahead = manifestsAhead(call, repository, rest)
    const children = new Map<string, readonly string[]>()
    const known = new Map<string, ListedImage>()
    const reader: ImageReader = readerOf({
      ...shared,
      manifests: ahead.manifests,
      scans: (images) => (image) => scanWith(image, { known, scanOf, scans, images }),
      evidence: (images) => evidenceReader(evidence, { aws, call, source, manifests: rest, images }),
    })

    return {
      reader,
      async *pages() {
        for await (const page of describePages(call, repository, ALL)) yield page.map((one) => listed(repository, one))
      },
      async prepare(images, needsManifests) {
        known.clear()
        for (const one of images) known.set(imageKey(one.ref), one)
        await ahead.read(images.filter((one) => needsManifests || !isPlain(one)).map(({ stored }) => stored.digest))
        if (!isPlanned) return
        for (const { stored } of images) {
          const text = isIndex(stored) ? ahead.textOf(stored.digest) : undefined
          const below = text === undefined ? undefined : listedIn(text, stored.digest)
          if (below) children.set(stored.digest, below)
        }
      },
      async children(indexes): Promise<ChildrenOf> {
        const missing = indexes.filter((index) => !children.has(index))
        const read = missing.length > 0 ? await holdings.children(repository, missing) : new Map()
        for (const [index, listed] of read) children.set(index, listed)
        return children
      },
    }
  }
}
