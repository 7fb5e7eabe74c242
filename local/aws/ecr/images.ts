import type * as ecr from '@aws-sdk/client-ecr'
import type { Handler } from '../service.ts'
import { listsNaming, removeImage, removeTag } from './image-changes.ts'
import type { Registry } from './state.ts'
import { statusOf } from './storage-class.ts'
import { findImage, type StoredImage, type StoredRepository } from './stored.ts'

const DIGEST = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/

const TAG_TEXT = '[a-zA-Z0-9_][a-zA-Z0-9._-]*'
const TAG = new RegExp(`^${TAG_TEXT}$`)

type Failure = ecr.ImageFailure

const failure = (imageId: ecr.ImageIdentifier, failureCode: ecr.ImageFailureCode, failureReason: string): Failure => ({
  imageId,
  failureCode,
  failureReason,
})

/** What is wrong with the id itself, or with what it names; `undefined` when it names an image. */
function problemWith(repository: StoredRepository, id: ecr.ImageIdentifier): Failure | undefined {
  const { imageDigest, imageTag } = id
  if (imageDigest === undefined && imageTag === undefined)
    return failure(id, 'MissingDigestAndTag', 'Invalid request parameters: both tag and digest cannot be null')
  if (imageDigest !== undefined && !DIGEST.test(imageDigest))
    return failure(
      id,
      'InvalidImageDigest',
      "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    )
  if (findImage(repository, id)) return undefined
  const differ = imageDigest !== undefined && imageTag !== undefined && repository.images.has(imageDigest)
  if (differ && repository.tagged.has(imageTag))
    return failure(id, 'ImageTagDoesNotMatchDigest', 'Requested image tag does not match the requested image digest')
  if (imageTag !== undefined && !TAG.test(imageTag))
    return failure(
      id,
      'InvalidImageTag',
      `Invalid request parameters: image tag should satisfy the regex '${TAG_TEXT}'`,
    )
  return failure(id, 'ImageNotFound', 'Requested image not found')
}

/** Deletes one image, or one of its tags. Returns what was deleted, or why nothing was. */
function deleteOne(
  repository: StoredRepository,
  id: ecr.ImageIdentifier,
  now: number,
): ecr.ImageIdentifier[] | Failure {
  const problem = problemWith(repository, id)
  if (problem) return problem
  const image = findImage(repository, id) as StoredImage
  const imageDigest = image.digest
  const { imageTag } = id
  if (imageTag !== undefined && image.tags.size > 1) {
    removeTag(repository, image, imageTag)
    return [{ imageDigest, imageTag }]
  }
  const lists = listsNaming(repository, imageDigest)
  if (lists.length > 0)
    return failure(
      id,
      'ImageReferencedByManifestList',
      `Requested image referenced by manifest list: [${lists.map(({ digest }) => digest).join(', ')}]`,
    )
  const tags = [...image.tags]
  removeImage(repository, image, now)
  return tags.length > 0 ? tags.map((tag) => ({ imageDigest, imageTag: tag })) : [{ imageDigest }]
}

function batchDelete(registry: Registry, { repositoryName, imageIds = [] }: ecr.BatchDeleteImageRequest) {
  const repository = registry.need(repositoryName)
  const answer: { imageIds: ecr.ImageIdentifier[]; failures: Failure[] } = { imageIds: [], failures: [] }
  for (const id of imageIds) {
    const result = deleteOne(repository, id, registry.now().getTime())
    if (Array.isArray(result)) answer.imageIds.push(...result)
    else answer.failures.push(result)
  }
  return answer
}

/** An image as BatchGetImage and PutImage answer it. */
function toImage(
  registry: Registry,
  repositoryName: string | undefined,
  image: StoredImage,
  imageTag?: string,
): ecr.Image {
  return {
    registryId: registry.around.account,
    repositoryName,
    imageId: { imageDigest: image.digest, ...(imageTag !== undefined && { imageTag }) },
    imageManifest: image.manifest,
    imageManifestMediaType: image.mediaType,
  }
}

/**
 * ECR converts between the Docker and OCI formats of a manifest on the way out; here an image whose media type is not
 * accepted is a failure, because a converted manifest would have another digest. So is one that is not active: AWS says
 * only that it cannot be pulled, and has a code for images that are out of reach.
 */
function batchGet(registry: Registry, input: ecr.BatchGetImageRequest) {
  const repository = registry.need(input.repositoryName)
  const now = registry.now().getTime()
  const accepted = input.acceptedMediaTypes
  const answer: { images: ecr.Image[]; failures: Failure[] } = { images: [], failures: [] }
  for (const id of input.imageIds ?? []) {
    const problem = problemWith(repository, id)
    const image = problem ? undefined : findImage(repository, id)
    if (!image) answer.failures.push(problem ?? failure(id, 'ImageNotFound', 'Requested image not found'))
    else if (statusOf(image, now) !== 'ACTIVE')
      answer.failures.push(failure(id, 'ImageInaccessible', 'Requested image is archived'))
    else if (accepted && !accepted.includes(image.mediaType))
      answer.failures.push(failure(id, 'ImageNotFound', 'Requested image not found in an accepted media type'))
    else answer.images.push(toImage(registry, input.repositoryName, image, id.imageTag))
  }
  return answer
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html */
export const imageHandlers = (registry: Registry): Record<string, Handler> => ({
  PutImage: (input: ecr.PutImageRequest) => ({
    image: toImage(registry, input.repositoryName, registry.putImage(input), input.imageTag),
  }),
  BatchGetImage: (input: ecr.BatchGetImageRequest) => batchGet(registry, input),
  BatchDeleteImage: (input: ecr.BatchDeleteImageRequest) => batchDelete(registry, input),
})
