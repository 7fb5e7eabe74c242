import { BASE_NAME } from '../domain/ancestry/ancestor.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { ImageRef } from '../domain/image.ts'
import { scanOutcome } from '../domain/scan-status.ts'
import { Unreadable } from '../faults.ts'
import { objectIn, parseObject } from '../policy/image/json.ts'
import { kindOf, layersOf } from '../policy/image/kind.ts'
import { baseNotesIn } from '../policy/image/manifest.ts'
import type { ImageDetail, ImageReader, Manifest, ScanResult } from '../scan-alert/ports.ts'
import { baseImages } from './base-images.ts'
import { ecrCall, instant } from './ecr-call.ts'
import { ecrManifests } from './ecr-manifests.ts'
import { countsOf, type FindingsPage, readScan, type Scanned, saysFindings } from './ecr-scan.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

type Described = {
  readonly imageDetails?: readonly { readonly imageTags?: readonly string[]; readonly imagePushedAt?: number }[]
}
type Got = { readonly images?: readonly { readonly imageManifest?: string }[] }

/** @throws {Unreadable} where a scan is said to be complete, and not what it found: unknown, not clean */
function toResult(scanned: Scanned): ScanResult {
  const { imageScanStatus, imageScanFindings } = scanned.first
  // An answer without a status is none: unknown, not clean.
  const { status = 'UNKNOWN', description } = imageScanStatus ?? {}
  const outcome = scanOutcome(status)
  if (outcome === 'complete' && !saysFindings(scanned))
    throw new Unreadable('ECR says that the scan is complete, and not what it found', false, undefined)
  return {
    status,
    outcome,
    description,
    scannedAt: instant(imageScanFindings?.imageScanCompletedAt),
    counts: countsOf(scanned),
    findings: scanned.findings,
  }
}

function toManifest(text: string): Manifest {
  const manifest = parseObject(Buffer.from(text), 'its manifest')
  const { kind } = kindOf(manifest)
  if (kind !== 'image') return { what: kind }
  const notes = baseNotesIn(objectIn(manifest, 'annotations', 'its manifest'))
  return { what: kind, described: { layers: layersOf(manifest), base: notes[BASE_NAME] } }
}

/** @throws {Unreadable} in place of what AWS refused; a fault of ours goes up as it is */
async function reading<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (error instanceof AwsError) throw new Unreadable(`ECR answered ${error.code}`, !error.transient, error)
    throw error
  }
}

/**
 * Images as ECR has them in `region`, read from the registry of the image's account.
 * @param repositories those with the images that others are built upon
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
export function ecrImages(aws: AwsCall, region: string, repositories: readonly string[] = []): ImageReader {
  const call = async <T>(operation: string, image: ImageRef, input: object): Promise<T> => {
    // A replica of the same name and digest would answer here, with findings of its own.
    if (image.region !== region)
      throw new Unreadable(`the image is in ${image.region}, not in ${region}`, true, undefined)
    return (await aws('ecr', operation, { registryId: image.account, repositoryName: image.repository, ...input })) as T
  }

  const scanResult = async (image: ImageRef): Promise<ScanResult> => {
    const imageId = { imageDigest: image.digest }
    return toResult(
      await readScan((input) => call<FindingsPage>('DescribeImageScanFindings', image, { imageId, ...input })),
    )
  }

  async function detail(image: ImageRef): Promise<ImageDetail> {
    const imageIds = [{ imageDigest: image.digest }]
    const { imageDetails } = await call<Described>('DescribeImages', image, { imageIds })
    const [found] = imageDetails ?? []
    return { tags: found?.imageTags ?? [], pushedAt: instant(found?.imagePushedAt) }
  }

  async function manifest(image: ImageRef): Promise<Manifest> {
    const imageIds = [{ imageDigest: image.digest }]
    const { images } = await call<Got>('BatchGetImage', image, { imageIds })
    const text = images?.[0]?.imageManifest
    if (!text) throw new AwsError('ImageNotFoundException', false)
    return toManifest(text)
  }

  const plain = ecrCall(aws, region)
  return {
    scanResult: (image) => reading(scanResult(image)),
    detail: (image) => reading(detail(image)),
    manifest: (image) => reading(manifest(image)),
    bases: baseImages(plain, ecrManifests(plain), repositories),
  }
}

/** Images of many registries, each as its own has it. */
export function imagesOf(at: (registry: RegistryRef) => ImageReader): ImageReader {
  return {
    scanResult: (image) => at(image).scanResult(image),
    detail: (image) => at(image).detail(image),
    manifest: (image) => at(image).manifest(image),
    bases: (image) => at(image).bases(image),
  }
}
