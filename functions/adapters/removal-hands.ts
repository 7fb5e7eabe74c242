import { type Hands, type ImageId, LayersGone, type Manifest, type RemovalAnswer } from '../clean-up/ports.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { Unreadable } from '../faults.ts'
import { digestOf } from '../policy/image/digest.ts'
import { describeSome } from './described-images.ts'
import { ecrCall } from './ecr-call.ts'
import { ACCEPTED } from './ecr-manifests.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

type Id = { readonly imageDigest?: string; readonly imageTag?: string }
type Failure = { readonly imageId?: Id; readonly failureCode?: string; readonly failureReason?: string }
type Got = {
  readonly images: readonly {
    readonly imageId?: Id
    readonly imageManifest?: string
    readonly imageManifestMediaType?: string
  }[]
  readonly failures: readonly Failure[]
}
type Removed = { readonly imageIds: readonly Id[]; readonly failures: readonly Failure[] }

/** What ECR answers to a manifest that names something it does not have any more. */
const LAYERS_GONE = new Set([
  'LayersNotFoundException',
  'LayerInaccessibleException',
  'ReferencedImagesNotFoundException',
])

const named = ({ account, repository }: RepositoryRef) => ({ registryId: account, repositoryName: repository })

const toId = ({ digest, tag }: ImageId): Id => ({ imageDigest: digest, ...(tag !== undefined && { imageTag: tag }) })

const fromId = ({ imageDigest = '', imageTag }: Id): ImageId => ({ digest: imageDigest, tag: imageTag })

const toAnswer = ({ imageIds = [], failures = [] }: Partial<Removed>): RemovalAnswer => ({
  removed: imageIds.map(fromId),
  failures: failures.map(({ imageId = {}, failureCode = 'Unknown', failureReason = '' }) => ({
    ...fromId(imageId),
    ...{ code: failureCode, reason: failureReason },
  })),
})

/** A manifest that has the digest that it is given for; one that ECR converted on the way could not be pushed again. */
function toManifests({ images = [] }: Partial<Got>): readonly Manifest[] {
  return images.flatMap(({ imageId, imageManifest: text = '', imageManifestMediaType: mediaType }) => {
    const digest = imageId?.imageDigest
    return digest !== undefined && mediaType && digestOf(text) === digest ? [{ digest, text, mediaType }] : []
  })
}

const notThere = ({ failureCode }: Failure): boolean => failureCode === 'ImageNotFound'

/** @throws {Unreadable} where something other than that it is not there keeps an image from being read */
function readable(got: Partial<Got>): Partial<Got> {
  const failure = got.failures?.find((each) => !notThere(each))
  if (failure) throw new Unreadable(`ECR answered ${failure.failureCode} to BatchGetImage`, true, undefined)
  return got
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Unreadable && error.cause instanceof AwsError ? error.cause.code : undefined

/** A push that changes nothing is done. */
async function pushed(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ImageAlreadyExistsException') return
    if (code && LAYERS_GONE.has(code)) throw new LayersGone(`ECR answered ${code} to PutImage`, { cause: error })
    throw error
  }
}

/**
 * What removes, archives and brings back images in `region`.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UpdateImageStorageClass.html
 */
export function ecrHands(aws: AwsCall, region: string): Hands {
  const call = ecrCall(aws, region)
  const get = async (repository: RepositoryRef, imageIds: readonly Id[]): Promise<Partial<Got>> => {
    const input = { ...named(repository), imageIds, acceptedMediaTypes: ACCEPTED }
    return readable(await call<Got>(repository, 'BatchGetImage', input))
  }
  const move = async (repository: RepositoryRef, digest: string, targetStorageClass: string): Promise<void> => {
    const imageId = { imageDigest: digest }
    await call(repository, 'UpdateImageStorageClass', { ...named(repository), imageId, targetStorageClass })
  }

  return {
    manifests: async (repository, digests) =>
      toManifests(
        await get(
          repository,
          digests.map((imageDigest) => ({ imageDigest })),
        ),
      ),
    async named(repository, tags) {
      // What is archived cannot be pulled, so that BatchGetImage may deny that it is there; it has its tags all the same.
      const ids = tags.map((imageTag) => ({ imageTag }))
      const asked = new Set(tags)
      return new Map(
        (await describeSome(call, repository, ids)).flatMap((image) =>
          image.tags.filter((tag) => asked.has(tag)).map((tag) => [tag, image.digest] as const),
        ),
      )
    },
    async remove(repository, ids) {
      const input = { ...named(repository), imageIds: ids.map(toId) }
      return toAnswer(await call<Removed>(repository, 'BatchDeleteImage', input))
    },
    archive: (repository, digest) => move(repository, digest, 'ARCHIVE'),
    activate: (repository, digest) => move(repository, digest, 'STANDARD'),
    put: (repository, { digest, text, mediaType }, tag) =>
      pushed(
        call(repository, 'PutImage', {
          ...named(repository),
          ...{ imageManifest: text, imageManifestMediaType: mediaType, imageDigest: digest },
          ...(tag !== undefined && { imageTag: tag }),
        }),
      ),
  }
}
