import type { ImageDetail } from '../domain/facts/image-facts.ts'
import { type ImageRef, imageKey } from '../domain/image.ts'
import { kept } from '../kept.ts'
import { type Images, manifestOf } from '../policy/image/platforms.ts'
import type { ImageReader } from '../policy/reader.ts'
import { baseImages } from './base-images.ts'
import type { BlobSource } from './blob.ts'
import { describeNamed, imageDetail } from './described-images.ts'
import { type EcrCall, ecrCall, present } from './ecr-call.ts'
import { ecrManifests, type Manifests } from './ecr-manifests.ts'
import { type EvidenceReader, type EvidenceReading, evidenceReader } from './evidence-reading.ts'
import { type Configs, ecrConfigs } from './image-configs.ts'
import { ecrScans } from './image-scans.ts'
import { imagesIn } from './opened-images.ts'
import type { AwsCall } from './signed-aws.ts'

export type ImageReading = BlobSource & {
  /** Repositories whose images are known as bases: `baseRepositoriesOf` has them from the configuration. */
  readonly bases?: readonly string[]
  /** Undefined where nothing asks for signatures or SBOMs. */
  readonly evidence?: EvidenceReading | undefined
}

/** Images whose manifests and configurations are kept: a digest never comes to name another. */
const KEPT = 32

async function detailOf(call: EcrCall, image: ImageRef): Promise<ImageDetail> {
  const [found] = await describeNamed(call, image, [{ imageDigest: image.digest }])
  return imageDetail(present(found, 'DescribeImages'))
}

/** What a reader of images is made of; what several readers share is asked for once for all of them. */
export type ReaderParts = {
  readonly call: EcrCall
  readonly manifests: Manifests
  readonly configs: Configs
  readonly bases: ImageReader['bases']
  /** Reads scans, given what opens images. */
  readonly scans: (images: (image: ImageRef) => Promise<Images>) => ImageReader['scan']
  /** Reads signatures and SBOMs, given what opens images. */
  readonly evidence: (images: (image: ImageRef) => Promise<Images>) => EvidenceReader
}

/** What several values of an image need is read once. */
export function readerOf({ call, manifests, configs, bases, scans, evidence }: ReaderParts): ImageReader {
  const keeping = { keyOf: imageKey, most: KEPT }
  const images = kept(keeping, (image: ImageRef) => imagesIn(manifests, image))
  const content = kept(keeping, async (image: ImageRef) => configs(image, await images(image)))
  return {
    detail: (image) => detailOf(call, image),
    manifest: async (image) => manifestOf(await images(image)),
    content,
    scan: scans(images),
    bases,
    ...evidence(images),
  }
}

/**
 * Images as ECR has them: of a manifest one call, of an index one more for all of its members, of each configuration a call
 * and a download.
 */
export function imageReader(aws: AwsCall, { bases = [], evidence, ...source }: ImageReading): ImageReader {
  const call = ecrCall(aws, source.region)
  const manifests = ecrManifests(call)
  return readerOf({
    ...{ call, manifests, configs: ecrConfigs(call, source), bases: baseImages(call, manifests, bases) },
    scans: (images) => ecrScans(call, images),
    evidence: (images) => evidenceReader(evidence, { aws, call, source, manifests, images }),
  })
}
