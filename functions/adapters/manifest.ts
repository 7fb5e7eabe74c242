import type { Manifest } from '../scan-alert/ports.ts'

/** Media types of the configuration of something that runs; anything else is an artifact in an image's clothes. */
const IMAGE_CONFIGS = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isIndex = (manifest: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(manifest.manifests) && !Array.isArray(manifest.layers)

/** A layer of a file system, as OCI or Docker names it. */
const isFileSystem = (layer: unknown): boolean =>
  isRecord(layer) && /^application\/vnd\.(oci\.image\.layer|docker\.image\.rootfs)\./.test(String(layer.mediaType))

/** Cosign's signatures and BuildKit's attestations have the configuration of an image, and layers of another kind. */
const holdsNoFiles = (layers: readonly unknown[]): boolean => layers.length > 0 && !layers.some(isFileSystem)

/**
 * What a manifest is of: an image, an index of images, or an artifact such as a chart, a signature or an SBOM.
 * @throws {SyntaxError} where it is not JSON
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md
 */
export function whatIs(text: string): Manifest {
  const manifest: unknown = JSON.parse(text)
  if (!isRecord(manifest)) return { what: 'artifact' }
  if (isIndex(manifest)) return { what: 'index' }
  const layers = Array.isArray(manifest.layers) ? manifest.layers : []
  const config = isRecord(manifest.config) ? manifest.config.mediaType : undefined
  const isImage = config === undefined ? Array.isArray(manifest.fsLayers) : IMAGE_CONFIGS.has(String(config))
  if (!isImage || manifest.artifactType !== undefined || holdsNoFiles(layers)) return { what: 'artifact' }
  const [lowest] = layers
  return { what: 'image', baseLayer: isRecord(lowest) && lowest.digest ? String(lowest.digest) : undefined }
}
