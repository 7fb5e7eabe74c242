import type { BatchDeleteImageResponse, ImageIdentifier, PutImageRequest, PutImageResponse } from '@aws-sdk/client-ecr'
import { type Manifest, readManifest } from '../aws/ecr/manifest.ts'
import type { Answered } from '../aws/server.ts'
import { ecrEvent, type Place } from './envelope.ts'

const detailOf = (action: string, repository: unknown, { imageDigest, imageTag }: ImageIdentifier): object => ({
  result: 'SUCCESS',
  'repository-name': repository,
  'image-digest': imageDigest,
  'action-type': action,
  ...(imageTag !== undefined && { 'image-tag': imageTag }),
})

/**
 * How the push of what has a subject is announced. AWS has published the sample of a referrer that was restored alone, and
 * does not say which of the two a push is.
 */
export type ReferrersAs = 'ECR Referrer Action' | 'ECR Image Action'

type Pushed = Pick<Manifest, 'subject' | 'mediaType' | 'artifactMediaType'>

/** @param id with the tag that was pushed, where there is one */
export function pushEvent(pushed: Pushed, repository: unknown, id: ImageIdentifier, announced: Announced): object {
  const { place, at, referrersAs } = announced
  const detail = detailOf('PUSH', repository, id)
  if (pushed.subject === undefined) return ecrEvent('ECR Image Action', place, at, detail)
  const media = { 'manifest-media-type': pushed.mediaType, 'artifact-media-type': pushed.artifactMediaType }
  return ecrEvent(referrersAs, place, at, { ...detail, ...media })
}

/** @param at ms */
type Announced = { readonly place: Place; readonly at: number; readonly referrersAs: ReferrersAs }

function pushed(input: PutImageRequest, { image }: PutImageResponse, announced: Announced): object {
  const manifest = readManifest(input.imageManifest ?? '', input.imageManifestMediaType)
  return pushEvent(manifest, input.repositoryName, image?.imageId ?? {}, announced)
}

/**
 * What ECR itself says of a push or a deletion that was done: one event for each tag.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function imageEvents(answered: Answered, place: Place, referrersAs: ReferrersAs): object[] {
  const { operation, input, output, error, at } = answered
  if (error !== undefined) return []
  if (operation === 'PutImage')
    return [pushed(input as PutImageRequest, output as PutImageResponse, { place, at, referrersAs })]
  if (operation !== 'BatchDeleteImage') return []
  const { repositoryName } = input as { repositoryName?: string }
  const { imageIds = [] } = output as BatchDeleteImageResponse
  return imageIds.map((id) => ecrEvent('ECR Image Action', place, at, detailOf('DELETE', repositoryName, id)))
}
