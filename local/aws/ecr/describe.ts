import type * as ecr from '@aws-sdk/client-ecr'
import { invalidParameter } from '../complaints.ts'
import type { Handler } from '../service.ts'
import { orderKey, page } from './page.ts'
import type { Registry } from './state.ts'
import { statusOf, storageOf } from './storage-class.ts'
import type { StoredImage } from './stored.ts'

type Filter = { tagStatus?: ecr.TagStatus; imageStatus?: string }

/** Without a filter, only active images are described and listed. */
const passes = (image: StoredImage, { tagStatus = 'ANY', imageStatus = 'ACTIVE' }: Filter, now: number): boolean =>
  (tagStatus === 'ANY' || (tagStatus === 'TAGGED') === image.tags.size > 0) &&
  (imageStatus === 'ANY' || imageStatus === statusOf(image, now))

/**
 * An image as DescribeImages answers it. Scan results are left out, as AWS leaves them out with its own basic scanning.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
 */
const toDetail = (registry: Registry, repositoryName: string | undefined, image: StoredImage): ecr.ImageDetail => ({
  registryId: registry.around.account,
  repositoryName,
  imageDigest: image.digest,
  ...(image.tags.size > 0 && { imageTags: [...image.tags] }),
  imageSizeInBytes: image.sizeInBytes,
  imagePushedAt: image.pushedAt,
  imageManifestMediaType: image.mediaType,
  artifactMediaType: image.artifactMediaType,
  lastRecordedPullTime: image.lastRecordedPullTime,
  subjectManifestDigest: image.subject,
  ...storageOf(image, registry.now().getTime()),
})

function* filtered(images: Iterable<StoredImage>, filter: Filter = {}, now: number): Generator<StoredImage> {
  for (const image of images) if (passes(image, filter, now)) yield image
}

function describeImages(registry: Registry, input: ecr.DescribeImagesRequest): ecr.DescribeImagesResponse {
  const { repositoryName, imageIds } = input
  const { images } = registry.need(repositoryName)
  if (imageIds) {
    if (input.maxResults !== undefined || input.nextToken !== undefined)
      throw invalidParameter('imageIds', 'cannot be used with maxResults or nextToken')
    const named = new Set(imageIds.map((id) => registry.image(repositoryName, id)))
    return { imageDetails: [...named].map((image) => toDetail(registry, repositoryName, image)) }
  }
  const found = filtered(images.values(), input.filter, registry.now().getTime())
  const { items, nextToken } = page(found, ({ order }) => orderKey(order), `DescribeImages ${repositoryName}`, input)
  return { imageDetails: items.map((image) => toDetail(registry, repositoryName, image)), nextToken }
}

type Listed = { key: string; id: ecr.ImageIdentifier }

/** One entry per tag, and one for an image without any. */
function* entries(images: Iterable<StoredImage>): Generator<Listed> {
  for (const { order, digest: imageDigest, tags } of images) {
    if (tags.size === 0) yield { key: orderKey(order), id: { imageDigest } }
    for (const imageTag of [...tags].sort())
      yield { key: `${orderKey(order)} ${imageTag}`, id: { imageDigest, imageTag } }
  }
}

function listImages(registry: Registry, input: ecr.ListImagesRequest): ecr.ListImagesResponse {
  const { images } = registry.need(input.repositoryName)
  const listed = entries(filtered(images.values(), input.filter, registry.now().getTime()))
  const { items, nextToken } = page(listed, ({ key }) => key, `ListImages ${input.repositoryName}`, input)
  return { imageIds: items.map(({ id }) => id), nextToken }
}

export const describeHandlers = (registry: Registry): Record<string, Handler> => ({
  DescribeImages: (input: ecr.DescribeImagesRequest) => describeImages(registry, input),
  ListImages: (input: ecr.ListImagesRequest) => listImages(registry, input),
})
