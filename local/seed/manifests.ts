import { type ConfigSpec, configOf } from './config.ts'
import { digestOf, layerDigest } from './digest.ts'
import { LAYER_BYTES } from './layers.ts'

/** A manifest as it is pushed: its exact text, whose digest names it. */
export type SeedManifest = {
  readonly text: string
  readonly mediaType: string
  readonly digest: string
  /** What it names and is small enough to be kept: the configuration, and the content of an artifact. */
  readonly blobs: readonly string[]
}

export type ImageSpec = ConfigSpec & {
  /** As older builders push it. */
  readonly docker?: boolean
}

type Descriptor = {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly [key: string]: unknown
}

const OCI = 'application/vnd.oci.image'
const DOCKER = 'application/vnd.docker'

const manifest = (mediaType: string, body: object, blobs: readonly string[] = []): SeedManifest => {
  const text = JSON.stringify({ schemaVersion: 2, mediaType, ...body })
  return { text, mediaType, digest: digestOf(text), blobs }
}

const blob = (mediaType: string, text: string): Descriptor => ({
  mediaType,
  digest: digestOf(text),
  size: Buffer.byteLength(text),
})

/** @see https://github.com/opencontainers/image-spec/blob/main/manifest.md */
export function imageManifest(spec: ImageSpec): SeedManifest {
  const layer = spec.docker ? `${DOCKER}.image.rootfs.diff.tar.gzip` : `${OCI}.layer.v1.tar+gzip`
  const config = configOf(spec)
  const body = {
    config: blob(spec.docker ? `${DOCKER}.container.image.v1+json` : `${OCI}.config.v1+json`, config),
    layers: spec.layers.map((name) => ({ mediaType: layer, digest: layerDigest(name), size: LAYER_BYTES[name] ?? 1 })),
  }
  return manifest(spec.docker ? `${DOCKER}.distribution.manifest.v2+json` : `${OCI}.manifest.v1+json`, body, [config])
}

export type ArtifactSpec = {
  readonly config: string
  readonly content: { readonly mediaType: string; readonly text: string }
  readonly artifactType?: string
  /** What it is about: a signature's or an SBOM's image. */
  readonly subject?: SeedManifest
}

const describe = ({ mediaType, digest, text }: SeedManifest): Descriptor => ({
  mediaType,
  digest,
  size: Buffer.byteLength(text),
})

export const artifactManifest = ({ config, content, artifactType, subject }: ArtifactSpec): SeedManifest => {
  const body = {
    ...(artifactType && { artifactType }),
    config: blob(config, '{}'),
    layers: [blob(content.mediaType, content.text)],
    ...(subject && { subject: describe(subject) }),
  }
  return manifest(`${OCI}.manifest.v1+json`, body, ['{}', content.text])
}

/** The provenance that BuildKit adds to an index: an image in name only, which cannot be scanned. */
export const attestationManifest = (of: SeedManifest): SeedManifest => {
  const config = JSON.stringify({ architecture: 'unknown', os: 'unknown' })
  const provenance = `provenance of ${of.digest}`
  const annotations = { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v0.2' }
  const body = {
    config: blob(`${OCI}.config.v1+json`, config),
    layers: [{ ...blob('application/vnd.in-toto+json', provenance), annotations }],
  }
  return manifest(`${OCI}.manifest.v1+json`, body, [config, provenance])
}

/** @see https://github.com/opencontainers/image-spec/blob/main/image-index.md */
export function indexManifest(
  images: Readonly<Record<'amd64' | 'arm64', SeedManifest>>,
  attestation: SeedManifest,
): SeedManifest {
  const platforms = (['amd64', 'arm64'] as const).map((architecture) => ({
    ...describe(images[architecture]),
    platform: { architecture, os: 'linux' },
  }))
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': images.amd64.digest,
  }
  const provenance = { ...describe(attestation), annotations, platform: { architecture: 'unknown', os: 'unknown' } }
  return manifest(`${OCI}.index.v1+json`, { manifests: [...platforms, provenance] })
}
