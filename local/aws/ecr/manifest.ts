import { createHash } from 'node:crypto'
import { invalidParameter } from '../complaints.ts'

export const DOCKER_INDEX = 'application/vnd.docker.distribution.manifest.list.v2+json'
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

type Descriptor = { digest?: string; size?: number; mediaType?: string }

type Json = {
  mediaType?: string
  artifactType?: string
  config?: Descriptor
  layers?: Descriptor[]
  manifests?: Descriptor[]
  subject?: Descriptor
  annotations?: Record<string, string>
}

/** A blob that a manifest names: its configuration or a layer. */
export type Part = { readonly digest: string; readonly size: number; readonly mediaType?: string | undefined }

/** What ECR knows of an image from its manifest. */
export type Manifest = {
  digest: string
  mediaType: string
  artifactMediaType?: string
  /** Bytes of configuration and layers; of an index, nothing, because its children are images of their own. */
  sizeInBytes: number
  /** Configuration and layers. */
  parts: readonly Part[]
  /** Digests of the images that an index lists. */
  children: readonly string[]
  subject?: string
  annotations?: Readonly<Record<string, string>>
}

export const digestOf = (text: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`

export const isIndex = ({ mediaType }: Pick<Manifest, 'mediaType'>): boolean =>
  mediaType === OCI_INDEX || mediaType === DOCKER_INDEX

const digests = (descriptors: readonly Descriptor[] = []): string[] =>
  descriptors.flatMap(({ digest }) => (typeof digest === 'string' ? [digest] : []))

const toParts = (descriptors: readonly Descriptor[]): Part[] =>
  descriptors.flatMap(({ digest, size = 0, mediaType }) =>
    typeof digest === 'string' ? [{ digest, size, mediaType }] : [],
  )

const mediaTypeOf = (json: Json): string => json.mediaType ?? (json.manifests ? OCI_INDEX : OCI_MANIFEST)

function parse(text: string): Json {
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json
  } catch {
    // Said below in ECR's words.
  }
  throw invalidParameter('ImageManifest', 'Invalid JSON syntax')
}

/**
 * Reads a manifest or an index. Its digest is that of its very bytes.
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md
 * @throws AwsError InvalidParameterException
 */
export function readManifest(text: string, givenMediaType?: string): Manifest {
  const json = parse(text)
  if (givenMediaType && json.mediaType && givenMediaType !== json.mediaType)
    throw invalidParameter('ImageManifestMediaType', 'media type does not match the one of the manifest')
  const parts = [...(json.config ? [json.config] : []), ...(json.layers ?? [])]
  return {
    digest: digestOf(text),
    mediaType: givenMediaType ?? mediaTypeOf(json),
    artifactMediaType: json.artifactType ?? json.config?.mediaType,
    sizeInBytes: parts.reduce((sum, { size }) => sum + (size ?? 0), 0),
    parts: toParts(parts),
    children: digests(json.manifests),
    subject: json.subject?.digest,
    annotations: json.annotations,
  }
}
