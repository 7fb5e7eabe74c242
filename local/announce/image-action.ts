import type { BatchDeleteImageResponse, ImageIdentifier, PutImageRequest, PutImageResponse } from '@aws-sdk/client-ecr'
import { readManifest } from '../aws/ecr/manifest.ts'
import type { Answered } from '../aws/server.ts'
import { ecrEvent, type Place } from './envelope.ts'

const detailOf = (action: string, repository: unknown, { imageDigest, imageTag }: ImageIdentifier): object => ({
  result: 'SUCCESS',
  'repository-name': repository,
  'image-digest': imageDigest,
  'action-type': action,
  ...(imageTag !== undefined && { 'image-tag': imageTag }),
})

/** What has a subject is announced as a referrer of it. AWS has published the sample of a restored one alone. */
function pushEvent(input: PutImageRequest, { image }: PutImageResponse, at: number, place: Place): object {
  const { subject, mediaType, artifactMediaType } = readManifest(
    input.imageManifest ?? '',
    input.imageManifestMediaType,
  )
  const detail = detailOf('PUSH', input.repositoryName, image?.imageId ?? {})
  if (subject === undefined) return ecrEvent('ECR Image Action', place, at, detail)
  const media = { 'manifest-media-type': mediaType, 'artifact-media-type': artifactMediaType }
  return ecrEvent('ECR Referrer Action', place, at, { ...detail, ...media })
}

/**
 * What ECR itself says of a push or a deletion that was done: one event for each tag.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function imageEvents({ operation, input, output, error, at }: Answered, place: Place): object[] {
  if (error !== undefined) return []
  if (operation === 'PutImage') return [pushEvent(input as PutImageRequest, output as PutImageResponse, at, place)]
  if (operation !== 'BatchDeleteImage') return []
  const { repositoryName } = input as { repositoryName?: string }
  const { imageIds = [] } = output as BatchDeleteImageResponse
  return imageIds.map((id) => ecrEvent('ECR Image Action', place, at, detailOf('DELETE', repositoryName, id)))
}
