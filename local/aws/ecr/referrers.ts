import type * as ecr from '@aws-sdk/client-ecr'
import type { Handler } from '../service.ts'
import { orderKey, page } from './page.ts'
import type { Registry } from './state.ts'
import { statusOf } from './storage-class.ts'
import type { StoredImage } from './stored.ts'

/** Where the caller does not say how many. */
const PAGE = 20

const toReferrer = (image: StoredImage, now: number): ecr.ImageReferrer => ({
  digest: image.digest,
  mediaType: image.mediaType,
  artifactType: image.artifactMediaType,
  size: Buffer.byteLength(image.manifest),
  annotations: image.annotations,
  artifactStatus: statusOf(image, now),
})

/** Without a filter, only active referrers are listed. */
function passes(image: StoredImage, filter: ecr.ListImageReferrersFilter, now: number): boolean {
  const { artifactTypes: types = [], artifactStatus = 'ACTIVE' } = filter
  const isWanted = artifactStatus === 'ANY' || artifactStatus === statusOf(image, now)
  return isWanted && (types.length === 0 || types.includes(image.artifactMediaType ?? ''))
}

/**
 * What is about an image, by the subject of its manifest. A subject that is not there has no referrers, as OCI has it.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html
 */
export const referrerHandlers = (registry: Registry): Record<string, Handler> => ({
  ListImageReferrers: (input: ecr.ListImageReferrersRequest) => {
    const { repositoryName, subjectId, filter = {}, maxResults = PAGE, nextToken } = input
    const { images } = registry.need(repositoryName)
    const now = registry.now().getTime()
    const about = [...images.values()].filter(
      (image) => image.subject === subjectId?.imageDigest && passes(image, filter, now),
    )
    const scope = `ListImageReferrers ${repositoryName} ${subjectId?.imageDigest}`
    const asked = { maxResults, ...(nextToken !== undefined && { nextToken }) }
    const { items, nextToken: next } = page(about, ({ order }) => orderKey(order), scope, asked)
    return { referrers: items.map((image) => toReferrer(image, now)), nextToken: next }
  },
})
