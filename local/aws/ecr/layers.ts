import type * as ecr from '@aws-sdk/client-ecr'
import { AwsError } from '../error.ts'
import type { Handler } from '../service.ts'
import { layerExists, layerNotFound } from './errors.ts'
import type { LayerUrls } from './layer-urls.ts'
import { digestOf, type Part } from './manifest.ts'
import { adopt } from './orphans.ts'
import type { Registry } from './state.ts'
import type { StoredRepository } from './stored.ts'
import { PART_BYTES, Uploads } from './uploads.ts'

const DIGEST = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip'

/** A layer that was uploaded, or that an image names or did so lately: images are taken here without their layers. */
function partOf({ blobs, images, orphans }: StoredRepository, digest: string): Part | undefined {
  for (const { parts } of images.values()) {
    const named = parts.find((part) => part.digest === digest)
    if (named) return named
  }
  const bytes = blobs.get(digest)
  return bytes ? { digest, size: bytes.length } : orphans.get(digest)?.part
}

/** Whether all images that name it are in the archive, where nothing is pulled from. */
function isArchived({ images }: StoredRepository, digest: string): boolean {
  const naming = [...images.values()].filter(({ parts }) => parts.some((part) => part.digest === digest))
  return naming.length > 0 && naming.every((image) => image.isArchived)
}

function availability(registry: Registry, input: ecr.BatchCheckLayerAvailabilityRequest) {
  const repository = registry.need(input.repositoryName)
  const digests = input.layerDigests ?? []
  const layers = digests
    .filter((digest) => DIGEST.test(digest))
    .map((layerDigest) => {
      const part = partOf(repository, layerDigest)
      if (!part) return { layerDigest, layerAvailability: 'UNAVAILABLE' as const }
      const { size: layerSize, mediaType = LAYER } = part
      const layerAvailability = isArchived(repository, layerDigest) ? ('ARCHIVED' as const) : ('AVAILABLE' as const)
      return { layerDigest, layerAvailability, layerSize, mediaType }
    })
  const failures = digests
    .filter((digest) => !DIGEST.test(digest))
    .map((layerDigest) => ({
      layerDigest,
      failureCode: 'InvalidLayerDigest' as const,
      failureReason: `Invalid request parameters: layer digest should satisfy the regex '${DIGEST.source.slice(1, -1)}'`,
    }))
  return { layers, failures }
}

function complete(registry: Registry, uploads: Uploads, input: ecr.CompleteLayerUploadRequest) {
  const { repositoryName = '', uploadId = '', layerDigests = [] } = input
  const repository = registry.need(repositoryName)
  const { blobs } = repository
  const where = registry.where(repositoryName)
  const bytes = uploads.bytesOf(uploadId, where)
  const layerDigest = digestOf(bytes)
  if (!layerDigests.includes(layerDigest))
    throw new AwsError(
      'InvalidLayerException',
      `The digest of the layer is '${layerDigest}', which does not match the digest specified.`,
    )
  if (blobs.has(layerDigest)) throw layerExists(layerDigest, where)
  adopt(repository, layerDigest)
  blobs.set(layerDigest, bytes)
  uploads.end(uploadId)
  return { registryId: where.registry, repositoryName, uploadId, layerDigest }
}

/**
 * Upload and download of configurations and layers.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html
 */
export function layerHandlers(registry: Registry, urls: LayerUrls): Record<string, Handler> {
  const uploads = new Uploads()
  return {
    BatchCheckLayerAvailability: (input: ecr.BatchCheckLayerAvailabilityRequest) => availability(registry, input),
    GetDownloadUrlForLayer: ({ repositoryName = '', layerDigest = '' }: ecr.GetDownloadUrlForLayerRequest) => {
      const repository = registry.need(repositoryName)
      if (!repository.blobs.has(layerDigest) || isArchived(repository, layerDigest))
        throw layerNotFound(layerDigest, registry.where(repositoryName))
      return { downloadUrl: urls.of(repositoryName, layerDigest), layerDigest }
    },
    InitiateLayerUpload: ({ repositoryName = '' }: ecr.InitiateLayerUploadRequest) => {
      registry.pushedTo(repositoryName)
      return { uploadId: uploads.begin(repositoryName), partSize: PART_BYTES }
    },
    UploadLayerPart: (input: ecr.UploadLayerPartRequest) => {
      const { repositoryName = '', uploadId = '', partFirstByte: first = 0, partLastByte: last = 0 } = input
      registry.need(repositoryName)
      const where = registry.where(repositoryName)
      const bytes = input.layerPartBlob ?? new Uint8Array()
      const lastByteReceived = uploads.add(uploadId, where, { first, last, bytes })
      return { registryId: where.registry, repositoryName, uploadId, lastByteReceived }
    },
    CompleteLayerUpload: (input: ecr.CompleteLayerUploadRequest) => complete(registry, uploads, input),
  }
}
