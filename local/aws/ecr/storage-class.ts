import type * as ecr from '@aws-sdk/client-ecr'
import type { Handler } from '../service.ts'
import { storageClassNotSupported } from './errors.ts'
import { activate, archive, listsNaming } from './image-changes.ts'
import type { Registry } from './state.ts'
import type { StoredImage, StoredRepository } from './stored.ts'

export type ImageStatus = 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING'

/** How long ECR takes at most to bring an image out of the archive; here always as long. */
const ACTIVATION_MS = 20 * 60_000

/** @param now ms on the virtual clock */
export function statusOf({ isArchived, lastActivatedAt }: StoredImage, now: number): ImageStatus {
  if (isArchived) return 'ARCHIVED'
  return lastActivatedAt && lastActivatedAt.getTime() > now ? 'ACTIVATING' : 'ACTIVE'
}

/** What DescribeImages says of the storage of an image. */
export function storageOf(image: StoredImage, now: number): Partial<ecr.ImageDetail> {
  const imageStatus = statusOf(image, now)
  const { lastArchivedAt, lastActivatedAt } = image
  return { imageStatus, lastArchivedAt, ...(imageStatus !== 'ACTIVATING' && { lastActivatedAt }) }
}

/** Whether an index that is not in the archive itself lists the image: it can neither expire nor be archived then. */
export const isHeld = (repository: StoredRepository, digest: string): boolean =>
  listsNaming(repository, digest).some(({ isArchived }) => !isArchived)

/**
 * AWS does not say what it answers where an image is in the class already, or on its way: here it is refused.
 * @throws AwsError RepositoryNotFoundException, ImageNotFoundException, ImageStorageClassUpdateNotSupportedException
 */
function update(registry: Registry, input: ecr.UpdateImageStorageClassRequest): ecr.UpdateImageStorageClassResponse {
  const { repositoryName, imageId = {}, targetStorageClass } = input
  const [repository, image] = [registry.need(repositoryName), registry.image(repositoryName, imageId)]
  const now = registry.now().getTime()
  const isArchiving = targetStorageClass === 'ARCHIVE'
  const isPossible = statusOf(image, now) === (isArchiving ? 'ACTIVE' : 'ARCHIVED')
  if (!isPossible || (isArchiving && isHeld(repository, image.digest)))
    throw storageClassNotSupported(imageId, registry.where(repositoryName))
  if (isArchiving) archive(repository, image, now)
  else activate(repository, image, now, now + ACTIVATION_MS)
  return {
    registryId: registry.around.account,
    repositoryName,
    imageId: { ...imageId, imageDigest: image.digest },
    imageStatus: statusOf(image, now),
  }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UpdateImageStorageClass.html */
export const storageClassHandlers = (registry: Registry): Record<string, Handler> => ({
  UpdateImageStorageClass: (input: ecr.UpdateImageStorageClassRequest) => update(registry, input),
})
