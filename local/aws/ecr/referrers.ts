import type * as ecr from '@aws-sdk/client-ecr'
import type { Handler } from '../service.ts'
import { orderKey, page } from './page.ts'
import type { Registry, StoredImage } from './state.ts'

const MOST = 50

const toReferrer = ({ digest, mediaType, artifactMediaType, manifest, annotations }: StoredImage) => ({
  digest,
  mediaType,
  artifactType: artifactMediaType,
  size: Buffer.byteLength(manifest),
  annotations,
  artifactStatus: 'ACTIVE' as const,
})

/** Nothing is ever archived here: every referrer is active. */
function passes({ artifactMediaType }: StoredImage, { artifactTypes, artifactStatus }: ecr.ListImageReferrersFilter) {
  const isWanted = artifactStatus === undefined || artifactStatus === 'ANY' || artifactStatus === 'ACTIVE'
  const types = artifactTypes ?? []
  return isWanted && (types.length === 0 || types.includes(artifactMediaType ?? ''))
}

/**
 * What is about an image, by the subject of its manifest. A subject that is not there has no referrers, as OCI has it.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html
 */
export const referrerHandlers = (registry: Registry): Record<string, Handler> => ({
  ListImageReferrers: (input: ecr.ListImageReferrersRequest) => {
    const { repositoryName, subjectId, filter = {}, maxResults = MOST, nextToken } = input
    const { images } = registry.need(repositoryName)
    const about = [...images.values()].filter(
      (image) => image.subject === subjectId?.imageDigest && passes(image, filter),
    )
    const scope = `ListImageReferrers ${repositoryName} ${subjectId?.imageDigest}`
    const asked = { maxResults, ...(nextToken !== undefined && { nextToken }) }
    const { items, nextToken: next } = page(about, ({ order }) => orderKey(order), scope, asked)
    return { referrers: items.map(toReferrer), nextToken: next }
  },
})
