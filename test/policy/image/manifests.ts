import { createHash } from 'node:crypto'

/** A manifest or a configuration as it is stored. */
export type Stored = { readonly text: string; readonly digest: string; readonly size: number }

export const stored = (content: unknown): Stored => {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`
  return { text, digest, size: Buffer.byteLength(text) }
}

export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json'
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'

export const layer = (name: string, mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip') => ({
  mediaType,
  digest: stored(name).digest,
  size: 1_000,
})

export const configuration = (change: Readonly<Record<string, unknown>> = {}): Stored =>
  stored({ os: 'linux', architecture: 'amd64', created: '2026-11-20T08:50:00Z', config: { User: 'app' }, ...change })

export const manifestJson = (config: Stored = configuration(), change: Readonly<Record<string, unknown>> = {}) => ({
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  config: { mediaType: OCI_CONFIG, digest: config.digest, size: config.size },
  layers: [layer('base'), layer('app')],
  ...change,
})

export const imageManifest = (config?: Stored, change?: Readonly<Record<string, unknown>>): Stored =>
  stored(manifestJson(config, change))

export const member = ({ digest, size }: Stored, change: Readonly<Record<string, unknown>> = {}) => ({
  mediaType: OCI_MANIFEST,
  digest,
  size,
  platform: { os: 'linux', architecture: 'amd64' },
  ...change,
})

export const indexManifest = (members: readonly unknown[], change: Readonly<Record<string, unknown>> = {}): Stored =>
  stored({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: members, ...change })

export const attestation = (): Stored =>
  imageManifest(stored({ os: 'unknown', architecture: 'unknown' }), {
    layers: [layer('x', 'application/vnd.in-toto+json')],
  })
