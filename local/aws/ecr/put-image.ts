import type * as ecr from '@aws-sdk/client-ecr'
import { AwsError } from '../error.ts'
import { imageExists, layersNotFound, referencedNotFound, tagExists, type Where } from './errors.ts'
import { activate } from './image-changes.ts'
import { readManifest } from './manifest.ts'
import { adopt } from './orphans.ts'
import type { StoredImage, StoredRepository } from './stored.ts'
import { matchesWildcard } from './wildcard.ts'

type Push = { where: Where; now: Date; pushedAt: Date; order(): number }

const isExcluded = (tag: string, filters: readonly ecr.ImageTagMutabilityExclusionFilter[] = []): boolean =>
  filters.some(({ filter = '' }) => matchesWildcard(filter, tag))

/**
 * Whether a tag may not move: in an immutable repository unless a filter excludes it, in a mutable one only if a filter does.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export function isImmutable({ settings }: StoredRepository, tag: string): boolean {
  const excluded = isExcluded(tag, settings.imageTagMutabilityExclusionFilters)
  switch (settings.imageTagMutability) {
    case 'IMMUTABLE':
      return true
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded
    default:
      return false
  }
}

function moveTag(repository: StoredRepository, image: StoredImage, tag: string): void {
  repository.images.get(repository.tagged.get(tag) ?? '')?.tags.delete(tag)
  repository.tagged.set(tag, image.digest)
  image.tags.add(tag)
}

/**
 * Stores a manifest, or another tag of one. An image of the archive is active again at once: it was just pushed.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html
 * @throws AwsError ImageAlreadyExistsException, ImageTagAlreadyExistsException, ImageDigestDoesNotMatchException,
 * ReferencedImagesNotFoundException, LayersNotFoundException, InvalidParameterException
 */
export function putImage(repository: StoredRepository, input: ecr.PutImageRequest, push: Push): StoredImage {
  const { imageManifest = '', imageTag: tag } = input
  const manifest = readManifest(imageManifest, input.imageManifestMediaType)
  const { digest } = manifest
  if (input.imageDigest !== undefined && input.imageDigest !== digest)
    throw new AwsError(
      'ImageDigestDoesNotMatchException',
      `The digest '${input.imageDigest}' provided does not match the digest '${digest}' of the image manifest`,
    )
  const existing = repository.images.get(digest)
  if (existing && !existing.isArchived && (tag === undefined || existing.tags.has(tag)))
    throw imageExists({ imageDigest: digest, imageTag: tag }, push.where)
  if (tag !== undefined && repository.tagged.has(tag) && isImmutable(repository, tag)) throw tagExists(tag, push.where)
  const missing = manifest.children.filter((child) => !repository.images.has(child))
  if (missing.length > 0) throw referencedNotFound(missing, push.where)
  const gone = manifest.parts.map((part) => part.digest).filter((part) => repository.collected.has(part))
  if (gone.length > 0) throw layersNotFound(gone, push.where)
  const image = existing ?? {
    ...manifest,
    manifest: imageManifest,
    tags: new Set<string>(),
    pushedAt: push.pushedAt,
    isArchived: false,
    order: push.order(),
  }
  repository.images.set(digest, image)
  for (const part of image.parts) adopt(repository, part.digest)
  if (image.isArchived) activate(repository, image, push.now.getTime())
  if (tag !== undefined) moveTag(repository, image, tag)
  return image
}
