import type { ImageRef } from '../../../functions/domain/image.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import type { Attachment, Target } from '../../../local/signing/manifests.ts'
import { imageManifest, OCI_MANIFEST, type Stored, stored } from '../../policy/image/manifests.ts'

/** A repository whose images have things attached. */
export const REPOSITORY = 'prod/api'

const EMPTY = stored('{}')

export const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json'
export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json'

export const tagOf = (digest: string, suffix = ''): string => `${digest.replace(':', '-')}${suffix}`

/** Puts images, blobs and what is attached to them into a local AWS. */
export function registryIn(aws: LocalAws) {
  let made = 0

  const refOf = (digest: string): ImageRef => ({
    ...{ account: aws.account, region: aws.region, repository: REPOSITORY },
    ...{ digest, tags: [] },
  })

  function put({ text }: Pick<Stored, 'text'>, imageTag?: string): ImageRef {
    const put = { repositoryName: REPOSITORY, imageManifest: text, ...(imageTag !== undefined && { imageTag }) }
    return refOf(aws.ecr.putImage(put).digest)
  }

  function blob(content: string): { readonly digest: string; readonly size: number } {
    const { digest, size } = stored(content)
    aws.ecr.putBlob(REPOSITORY, content)
    return { digest, size }
  }

  return {
    /** Pushes what the kit made, with all that it names. */
    attach({ body, blobs, tag }: Attachment): ImageRef {
      for (const one of blobs) aws.ecr.putBlob(REPOSITORY, one.bytes)
      return put({ text: body }, tag)
    },
    /** An image as the kit attaches to it. */
    targetOf: ({ digest }: ImageRef): Target => ({ digest, mediaType: OCI_MANIFEST, size: 1_000 }),
    put,
    blob,
    refOf,
    /** An image that no other is alike. */
    image: (): ImageRef => put(imageManifest(stored({ os: 'linux', architecture: 'amd64', made: made++ }))),
    /** A manifest that is attached by its subject unless `change` says otherwise. */
    attached(subject: ImageRef, type: string, contents: readonly string[], change: object = {}): Stored {
      blob('{}')
      return stored({
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        artifactType: type,
        config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: EMPTY.digest, size: EMPTY.size },
        layers: contents.map((content) => ({ mediaType: type, ...blob(content) })),
        subject: { mediaType: OCI_MANIFEST, digest: subject.digest, size: 1_000 },
        ...change,
      })
    },
  }
}
