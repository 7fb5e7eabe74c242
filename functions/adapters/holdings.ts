import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { type ChildrenOf, isIndex, type StoredImage } from '../domain/lifecycle/image.ts'
import { Gone, Unreadable } from '../faults.ts'
import type { Holdings } from '../planning/ports.ts'
import { openManifest } from '../policy/image/manifest.ts'
import { type EcrCall, ecrCall, pages, present } from './ecr-call.ts'
import { batchGet } from './ecr-manifests.ts'
import { ecrRepositories } from './repository-reader.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

/** An image as DescribeImages tells of it. Times are seconds since 1970. */
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

/** Ids that one call may name. */
const IDS = 100
/** Without it ECR lists what is active alone. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImagesFilter.html */
const ALL = { imageStatus: 'ANY' }

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

const named = ({ account, repository }: RepositoryRef) => ({ registryId: account, repositoryName: repository })

/** Every image of a repository, archived ones too, up to 1,000 a page. */
export async function* describeAll(call: EcrCall, repository: RepositoryRef): AsyncGenerator<readonly Described[]> {
  const input = { ...named(repository), filter: ALL }
  for await (const { imageDetails } of pages<Images>(call, repository, 'DescribeImages', input))
    yield present(imageDetails, 'DescribeImages')
}

/** Whether the repository is there and an image is not. */
const isImageGone = (error: unknown): boolean =>
  error instanceof Gone && error.cause instanceof AwsError && error.cause.code === 'ImageNotFoundException'

/**
 * Those of up to 100 images that are there, archived ones too. ECR answers nothing at all where one of them is gone, so that
 * is looked for by halves.
 */
export async function describeSome(
  call: EcrCall,
  ref: RepositoryRef,
  imageIds: readonly ({ readonly imageDigest: string } | { readonly imageTag: string })[],
): Promise<readonly StoredImage[]> {
  try {
    const { imageDetails } = await call<Images>(ref, 'DescribeImages', { ...named(ref), imageIds, filter: ALL })
    return present(imageDetails, 'DescribeImages').map(storedImage)
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

/** What a manifest lists; undefined where it is not that of the digest, or cannot be relied upon. */
export function listedIn(text: string, digest: string): readonly string[] | undefined {
  try {
    const opened = openManifest(text, digest)
    return opened.kind === 'index' ? opened.members.map((member) => member.digest) : []
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

function* slices<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

async function childrenOf(call: EcrCall, ref: RepositoryRef, indexes: readonly string[]): Promise<ChildrenOf> {
  const children = new Map<string, readonly string[]>()
  for (const some of slices(indexes, IDS)) {
    const { manifests } = await batchGet(call, ref, some)
    for (const digest of some) {
      const text = manifests.get(digest)
      const listed = text === undefined ? undefined : listedIn(text, digest)
      if (listed) children.set(digest, listed)
    }
  }
  return children
}

/**
 * What a registry in `region` holds: a page of up to 1,000 images a call, and of 100 indexes a call what they list.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
 */
export function ecrHoldings(aws: AwsCall, region: string): Holdings {
  const call = ecrCall(aws, region)
  const repositories = ecrRepositories(aws, region)
  return {
    async *repositories(registry) {
      for await (const page of repositories.listRepositories(registry)) yield page.map(({ ref }) => ref)
    },
    async *images(repository) {
      for await (const page of describeAll(call, repository)) yield page.map(storedImage)
    },
    async describe(repository, digests) {
      const found: StoredImage[] = []
      const ids = [...new Set(digests)].map((imageDigest) => ({ imageDigest }))
      for (const some of slices(ids, IDS)) found.push(...(await describeSome(call, repository, some)))
      return found
    },
    children: (repository, indexes) => childrenOf(call, repository, indexes),
    lifecyclePolicy: (repository) => repositories.lifecyclePolicy(repository),
    repositoryPolicy: (repository) => repositories.policy(repository),
  }
}
