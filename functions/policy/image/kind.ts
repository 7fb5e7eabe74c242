import { isRecord } from '../../domain/record.ts'
import { field, type Json, textIn, unreadable } from './json.ts'

const WHAT = 'its manifest'

export const MEDIA_TYPES = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
} as const

const INDEXES: ReadonlySet<unknown> = new Set([MEDIA_TYPES.index, MEDIA_TYPES.dockerIndex])
const IMAGES: ReadonlySet<unknown> = new Set([MEDIA_TYPES.manifest, MEDIA_TYPES.dockerManifest])

/** Media types of the configuration of something that runs. The last two are of old builders, and Docker runs them still. */
const CONFIGS: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
  'application/octet-stream',
  '',
])

/** Whether a type is known to be that of the configuration of an image. */
export const isImageConfig = (type: string | undefined): boolean => !!type && CONFIGS.has(type)

/** A layer of a file system, as OCI or Docker names it. */
const FILES = /^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs)\./

/** What other things are known by: type of artifact, of configuration, or of content. */
const ARTIFACTS: readonly (readonly [type: RegExp, what: string])[] = [
  [/^application\/vnd\.cncf\.helm\./, 'a Helm chart'],
  [/^application\/vnd\.amazon\.soci\./, 'a SOCI index'],
  [/^application\/vnd\.buildkit\.cacheconfig\./, 'a build cache'],
  [/notary\.signature|simplesigning|cosign\.artifact\.sig|sigstore\.bundle/, 'a signature'],
  [/in-toto|dsse\.envelope/, 'an attestation'],
  [/spdx|cyclonedx|syft|sbom/, 'an SBOM'],
]

/** What a type may look like before it is repeated to a reader. @see https://www.rfc-editor.org/rfc/rfc6838#section-4.2 */
const MEDIA_TYPE = /^[a-z]{1,20}\/[\w.+-]{1,100}$/i

export type Kind =
  | { readonly kind: 'image' }
  | { readonly kind: 'index' }
  /** `a Helm chart` */
  | { readonly kind: 'artifact'; readonly what: string }

/** What something is that is no image, by its types: `a Helm chart`. */
export function artifactOf(types: readonly string[]): string {
  const known = ARTIFACTS.find(([type]) => types.some((one) => type.test(one)))
  const named = types.find((one) => !CONFIGS.has(one) && MEDIA_TYPE.test(one))
  return known?.[1] ?? (named ? `an artifact of type ${named}` : 'an artifact')
}

const artifact = (types: readonly string[]): Kind => ({ kind: 'artifact', what: artifactOf(types) })

const records = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isRecord) : [])

const typesIn = (descriptors: readonly Json[]): string[] =>
  descriptors.map((one) => textIn(one, 'mediaType', WHAT) ?? '')

/** BuildKit's cache has blobs where an index has manifests. @see https://docs.docker.com/build/cache/backends/ */
function kindOfIndex(members: readonly Json[]): Kind {
  const types = typesIn(members)
  const isCache = types.some((type) => type.startsWith('application/vnd.buildkit.cacheconfig.'))
  const holdsManifests = types.some((type) => type === '' || INDEXES.has(type) || IMAGES.has(type))
  return isCache && !holdsManifests ? artifact(types) : { kind: 'index' }
}

/**
 * Whether something runs is for its configuration and layers to say: a type of artifact, or a tag as of a signature, can be
 * put on anything. Cosign's signatures and BuildKit's attestations have the configuration of an image, and other layers.
 */
function kindOfManifest(manifest: Json, layers: readonly Json[]): Kind {
  const config = field(manifest, 'config', WHAT)
  const configType = isRecord(config) ? (textIn(config, 'mediaType', WHAT) ?? '') : undefined
  const artifactType = textIn(manifest, 'artifactType', WHAT)
  const types = typesIn(layers)
  const runs = types.length > 0 ? types.some((type) => FILES.test(type)) : artifactType === undefined
  if (configType !== undefined && CONFIGS.has(configType) && runs) return { kind: 'image' }
  return artifact([...(artifactType ? [artifactType] : []), ...(configType ? [configType] : []), ...types])
}

/**
 * What a manifest is of: an image, an index of images, or an artifact such as a chart, a signature or an SBOM.
 * @throws {Unreadable} where it can be taken for two of them
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md
 * @see https://github.com/opencontainers/distribution-spec/security/advisories/GHSA-mc8v-mgrf-8f4m
 */
export function kindOf(manifest: Json): Kind {
  const [members, layers] = [field(manifest, 'manifests', WHAT), field(manifest, 'layers', WHAT)]
  const mediaType = field(manifest, 'mediaType', WHAT)
  const isIndex = Array.isArray(members)
  if (isIndex && (layers !== undefined || field(manifest, 'config', WHAT) !== undefined))
    throw unreadable('its manifest is that of an image and of an index')
  if (isIndex ? IMAGES.has(mediaType) : INDEXES.has(mediaType))
    throw unreadable('its manifest is not what its media type says')
  if (isIndex) return kindOfIndex(records(members))
  return isSchema1(manifest) ? { kind: 'image' } : kindOfManifest(manifest, records(layers))
}

/** Docker's first format, which has no configuration. @see https://distribution.github.io/distribution/spec/deprecated-schema-v1/ */
export const isSchema1 = (manifest: Json): boolean => Array.isArray(field(manifest, 'fsLayers', WHAT))

/** Digests of its layers, lowest first. */
export const layersOf = (manifest: Json): readonly string[] =>
  records(field(manifest, 'layers', WHAT)).flatMap((layer) => textIn(layer, 'digest', WHAT) ?? [])
