import { setTimeout as pause } from 'node:timers/promises'
import type { ImageRef } from '../domain/image.ts'
import { Gone } from '../faults.ts'
import type { GatePorts, ScanStart } from '../gate/ports.ts'
import type { ImageReader } from '../policy/reader.ts'
import { describeNamed, isImageGone, isPlain, listedImage, storedImage } from './described-images.ts'
import { type EcrCall, ecrCall } from './ecr-call.ts'
import { ecrScan } from './image-scans.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

/** Answers that are no faults. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_StartImageScan.html */
const REFUSALS: Readonly<Record<string, ScanStart>> = {
  LimitExceededException: 'limit',
  UnsupportedImageTypeException: 'unsupported',
}

/** Under enhanced scanning ECR says that the feature is disabled. */
function refusalOf(error: unknown): ScanStart | undefined {
  const { cause } = error as Error
  if (!(cause instanceof AwsError)) return undefined
  const isDisabled = cause.code === 'ValidationException' && /disabled/i.test(String(cause.detail.message))
  return isDisabled ? 'continuous' : REFUSALS[cause.code]
}

async function startScan(call: EcrCall, image: ImageRef, digest: string): Promise<ScanStart> {
  const { account: registryId, repository: repositoryName } = image
  try {
    await call(image, 'StartImageScan', { registryId, repositoryName, imageId: { imageDigest: digest } })
    return 'started'
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return refusal
  }
}

/**
 * What the gate reads of images in `region`.
 * @param reader opens manifests
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
export function gatePorts(aws: AwsCall, region: string, reader: Pick<ImageReader, 'manifest'>): GatePorts {
  const call = ecrCall(aws, region)
  return {
    async find(repository, name) {
      const id = 'tag' in name ? { imageTag: name.tag } : { imageDigest: name.digest }
      try {
        const [found] = await describeNamed(call, repository, [id])
        return found && { ...listedImage(repository, found), isPlain: isPlain({ stored: storedImage(found) }) }
      } catch (error) {
        if (error instanceof Gone && isImageGone(error)) return undefined
        throw error
      }
    },
    manifest: (image) => reader.manifest(image),
    scan: ecrScan(call),
    startScan: (image, digest) => startScan(call, image, digest),
    pause,
    now: () => new Date(),
  }
}
