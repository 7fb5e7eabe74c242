import { BUNDLE } from './bundle.ts'
import type { SignedLayer } from './cosign.ts'
import { digestOf } from './keys.ts'

export type Blob = { readonly digest: string; readonly bytes: Buffer }

/** A manifest that is about another one, with all that it names: what is pushed beside an image. */
export type Attachment = {
  readonly mediaType: string
  readonly digest: string
  /** As it is pushed: another order of keys is another digest. */
  readonly body: string
  /** `sha256-….sig`; undefined of what is attached by its subject. */
  readonly tag?: string
  readonly blobs: readonly Blob[]
}

/** A manifest that something is attached to. */
export type Target = { readonly digest: string; readonly mediaType: string; readonly size: number }

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const EMPTY = { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') }
/** Of cosign 1 and 2: an image without files. */
const CONFIG = {
  mediaType: 'application/vnd.oci.image.config.v1+json',
  bytes: Buffer.from(
    '{"architecture":"","created":"0001-01-01T00:00:00Z","os":"","rootfs":{"type":"layers","diff_ids":[]},"config":{}}',
  ),
}

/** A part of a manifest. */
export type Part = {
  readonly mediaType: string
  readonly bytes: Buffer
  readonly annotations?: Readonly<Record<string, string>>
}

const blobOf = ({ bytes }: Part): Blob => ({ digest: digestOf(bytes), bytes })

const describe = (part: Part) => ({
  mediaType: part.mediaType,
  size: part.bytes.length,
  digest: digestOf(part.bytes),
  ...(part.annotations ? { annotations: part.annotations } : {}),
})

/** @param more artifactType, subject, annotations */
function manifest(config: Part, layers: readonly Part[], more: object, tag?: string): Attachment {
  const json = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: describe(config),
    layers: layers.map(describe),
    ...more,
  }
  const body = JSON.stringify(json)
  return {
    mediaType: MANIFEST,
    digest: digestOf(Buffer.from(body)),
    body,
    blobs: [config, ...layers].map(blobOf),
    ...(tag === undefined ? {} : { tag }),
  }
}

const tagOf = (digest: string, suffix: string): string => `${digest.replace(':', '-')}.${suffix}`

const layersOf = (mediaType: string, signed: readonly SignedLayer[]): readonly Part[] =>
  signed.map((layer) => ({ mediaType, ...layer }))

export const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json'
export const DSSE = 'application/vnd.dsse.envelope.v1+json'

/** `sha256-….sig`: signatures of a manifest as cosign 1 and 2 keep them, a layer for each. */
export const sigTag = (digest: string, signed: readonly SignedLayer[]): Attachment =>
  manifest(CONFIG, layersOf(SIMPLE_SIGNING, signed), {}, tagOf(digest, 'sig'))

/** `sha256-….att`: its attestations. */
export const attTag = (digest: string, signed: readonly SignedLayer[]): Attachment =>
  manifest(CONFIG, layersOf(DSSE, signed), {}, tagOf(digest, 'att'))

/** `sha256-….sbom`: its SBOM, as `cosign attach sbom` keeps it. @param mediaType `text/spdx+json`, `application/vnd.cyclonedx+json` */
export const sbomTag = (digest: string, mediaType: string, bytes: Buffer): Attachment =>
  manifest(CONFIG, [{ mediaType, bytes }], {}, tagOf(digest, 'sbom'))

/** What is attached by its subject. @see https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage */
export const referrer = (
  subject: Target,
  artifactType: string,
  layers: readonly Part[],
  annotations?: Readonly<Record<string, string>>,
): Attachment => manifest(EMPTY, layers, { artifactType, subject, ...(annotations ? { annotations } : {}) })

/** A bundle that is attached by its subject, as cosign 3 and `actions/attest` push it. */
export function bundleReferrer(subject: Target, bundle: object, predicateType?: string): Attachment {
  const annotations = {
    'dev.sigstore.bundle.content': 'dsseEnvelope' in bundle ? 'dsse-envelope' : 'message-signature',
    ...(predicateType === undefined ? {} : { 'dev.sigstore.bundle.predicateType': predicateType }),
  }
  return referrer(subject, BUNDLE, [{ mediaType: BUNDLE, bytes: Buffer.from(JSON.stringify(bundle)) }], annotations)
}

/** Signatures in cosign's old form by their subject, as cosign 2 pushes them in its OCI 1.1 mode: the type is of the configuration. */
export const sigReferrer = (subject: Target, signed: readonly SignedLayer[]): Attachment =>
  manifest(
    { ...CONFIG, mediaType: 'application/vnd.dev.cosign.artifact.sig.v1+json' },
    layersOf(SIMPLE_SIGNING, signed),
    { subject },
  )
