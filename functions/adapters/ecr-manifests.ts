import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { Unreadable } from '../faults.ts'
import { MEDIA_TYPES } from '../policy/image/kind.ts'
import type { EcrCall } from './ecr-call.ts'

/** What BatchGetImage is asked for, and says of each. */
export type ImageId = { readonly imageDigest?: string; readonly imageTag?: string }

type Got = {
  readonly images: readonly { readonly imageId?: ImageId; readonly imageManifest?: string }[]
  readonly failures: readonly { readonly imageId?: ImageId; readonly failureCode?: string }[]
}

/** Without the type of what is stored ECR may answer with a conversion, whose digest is another. */
export const ACCEPTED = [
  ...Object.values(MEDIA_TYPES),
  'application/vnd.oci.artifact.manifest.v1+json',
  'application/vnd.cncf.oras.artifact.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
]

/** Images as ECR has them, up to 100 in one call, and what it does not give out. */
export async function getImages(call: EcrCall, ref: RepositoryRef, imageIds: readonly ImageId[]): Promise<Got> {
  const { images = [], failures = [] } = await call<Got>(ref, 'BatchGetImage', {
    registryId: ref.account,
    repositoryName: ref.repository,
    imageIds,
    acceptedMediaTypes: ACCEPTED,
  })
  return { images, failures }
}

/** Manifests by digest, up to 100 in one call, and the codes of those that ECR does not give out. */
export async function batchGet(call: EcrCall, ref: RepositoryRef, digests: readonly string[]) {
  const { images, failures } = await getImages(
    call,
    ref,
    digests.map((imageDigest) => ({ imageDigest })),
  )
  const manifests = new Map(
    images.flatMap(({ imageId, imageManifest }) =>
      imageId?.imageDigest && imageManifest ? [[imageId.imageDigest, imageManifest]] : [],
    ),
  )
  return { manifests, refused: failures.map(({ failureCode }) => failureCode) }
}

/** Manifests by digest, up to 100 in one call; one that is not there is left out. */
export type Manifests = (ref: RepositoryRef, digests: readonly string[]) => Promise<ReadonlyMap<string, string>>

/**
 * Manifests as ECR stores them. Nothing says yet that they have the digest that they are given for.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
 */
export const ecrManifests =
  (call: EcrCall): Manifests =>
  async (ref, digests) => {
    const { manifests, refused } = await batchGet(call, ref, digests)
    const code = refused.find((one) => one !== 'ImageNotFound')
    if (code) throw new Unreadable(`ECR answered ${code} to BatchGetImage`, true, undefined)
    return manifests
  }
