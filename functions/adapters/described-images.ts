import type { ImageDetail } from '../domain/facts/image-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { ImageRef } from '../domain/image.ts'
import { isIndex, type StoredImage } from '../domain/lifecycle/image.ts'
import { Gone } from '../faults.ts'
import { isImageConfig, MEDIA_TYPES } from '../policy/image/kind.ts'
import { type EcrCall, instant, pages, present } from './ecr-call.ts'
import { AwsError } from './signed-aws.ts'

/**
 * An image as DescribeImages tells of it. Times are seconds since 1970.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
 */
export type Described = {
  readonly imageDigest?: string
  readonly imageTags?: readonly string[]
  readonly imagePushedAt?: number
  readonly lastRecordedPullTime?: number
  readonly lastArchivedAt?: number
  readonly lastActivatedAt?: number
  readonly imageStatus?: string
  readonly imageSizeInBytes?: number
  readonly imageManifestMediaType?: string
  readonly artifactMediaType?: string
  readonly subjectManifestDigest?: string
  readonly imageScanStatus?: { readonly status?: string; readonly description?: string }
  readonly imageScanFindingsSummary?: { readonly findingSeverityCounts?: Readonly<Record<string, number>> }
}
type Images = { readonly imageDetails: readonly Described[] }

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImagesFilter.html */
type Filter = { readonly imageStatus?: 'ANY'; readonly tagStatus?: 'TAGGED' }
type ImageId = { readonly imageDigest: string } | { readonly imageTag: string | undefined }

/** An image with what ECR tells of it in a listing. */
export type ListedImage = { readonly ref: ImageRef; readonly detail: ImageDetail }

/** Ids that one call may name. */
export const IDS = 100
/** Without it ECR lists what is active alone. */
export const ALL: Filter = { imageStatus: 'ANY' }

const milliseconds = (seconds: number | undefined): number | undefined => seconds && Math.round(seconds * 1_000)

/** A status that is not known yet is one that no rule is about. */
const statusOf = (status = 'ACTIVE'): StoredImage['status'] =>
  status === 'ACTIVE' || status === 'ARCHIVED' ? status : 'ACTIVATING'

/** Of an index ECR says the size of its largest image, whose bytes do not go with the index. */
const sizeOf = ({ imageSizeInBytes = 0, imageManifestMediaType }: Described): number =>
  isIndex({ mediaType: imageManifestMediaType }) ? 0 : imageSizeInBytes

export const storedImage = (described: Described): StoredImage => ({
  digest: present(described.imageDigest, 'DescribeImages'),
  tags: described.imageTags ?? [],
  pushedAt: present(milliseconds(described.imagePushedAt), 'DescribeImages'),
  pulledAt: milliseconds(described.lastRecordedPullTime),
  archivedAt: milliseconds(described.lastArchivedAt),
  activatedAt: milliseconds(described.lastActivatedAt),
  status: statusOf(described.imageStatus),
  sizeInBytes: sizeOf(described),
  mediaType: described.imageManifestMediaType,
  artifactType: described.artifactMediaType,
  subject: described.subjectManifestDigest,
})

export const imageDetail = (described: Described): ImageDetail => ({
  tags: described.imageTags ?? [],
  pushedAt: present(instant(described.imagePushedAt), 'DescribeImages'),
  sizeInBytes: described.imageSizeInBytes ?? 0,
  artifactMediaType: described.artifactMediaType,
})

const MANIFESTS: ReadonlySet<string> = new Set([MEDIA_TYPES.manifest, MEDIA_TYPES.dockerManifest])
/** As cosign tags signatures, attestations and SBOMs, which have the configuration of an image. */
const COSIGN = /^sha256-[0-9a-f]{64}/

/** Whether the listing says that it is one image and nothing else: its manifest need not be read to know whose scan to read. */
export const isPlain = ({ stored: { mediaType, artifactType, tags } }: { readonly stored: StoredImage }): boolean =>
  MANIFESTS.has(mediaType ?? '') && isImageConfig(artifactType) && !tags.some((tag) => COSIGN.test(tag))

export function listedImage(repository: RepositoryRef, described: Described): ListedImage {
  const detail = imageDetail(described)
  const digest = present(described.imageDigest, 'DescribeImages')
  return { ref: { ...repository, digest, tags: detail.tags }, detail }
}

const named = ({ account, repository }: RepositoryRef) => ({ registryId: account, repositoryName: repository })

/**
 * The images of a repository that a filter takes, up to 1,000 a page.
 * @throws {Unreadable} also in the midst of it
 * @throws {Gone}
 */
export async function* describePages(
  call: EcrCall,
  repository: RepositoryRef,
  filter: Filter,
): AsyncGenerator<readonly Described[]> {
  const input = { ...named(repository), filter }
  for await (const { imageDetails } of pages<Images>(call, repository, 'DescribeImages', input))
    yield present(imageDetails, 'DescribeImages')
}

/**
 * Up to 100 images by their ids.
 * @throws {Unreadable}
 * @throws {Gone} where one of them is not there, or no such repository
 */
export async function describeNamed(
  call: EcrCall,
  repository: RepositoryRef,
  imageIds: readonly ImageId[],
  filter?: Filter,
): Promise<readonly Described[]> {
  const input = { ...named(repository), imageIds, ...(filter && { filter }) }
  const { imageDetails } = await call<Images>(repository, 'DescribeImages', input)
  return present(imageDetails, 'DescribeImages')
}

/** Whether the repository is there and an image is not. */
export const isImageGone = (error: unknown): boolean =>
  error instanceof Gone && error.cause instanceof AwsError && error.cause.code === 'ImageNotFoundException'

/**
 * Those of up to 100 images that are there, archived ones too. ECR answers nothing at all where one of them is gone, so that
 * is looked for by halves.
 */
export async function describeSome(
  call: EcrCall,
  ref: RepositoryRef,
  imageIds: readonly ImageId[],
): Promise<readonly StoredImage[]> {
  try {
    return (await describeNamed(call, ref, imageIds, ALL)).map(storedImage)
  } catch (error) {
    if (!isImageGone(error)) throw error
    if (imageIds.length === 1) return []
    const half = Math.ceil(imageIds.length / 2)
    return [
      ...(await describeSome(call, ref, imageIds.slice(0, half))),
      ...(await describeSome(call, ref, imageIds.slice(half))),
    ]
  }
}
