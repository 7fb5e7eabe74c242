import type { Attached, Format } from '../../domain/supply-chain/attached.ts'
import { artifactOf } from '../image/kind.ts'
import type { AttachedManifest, Layer } from './ports.ts'

const MIB = 1_048_576

/** How what is attached is written down, by the type of its blob. The first that fits. */
const FORMATS: readonly (readonly [type: RegExp, format: Format])[] = [
  [/^application\/vnd\.dev\.cosign\.simplesigning\.v1\+json$/, 'simple-signing'],
  [/^application\/vnd\.dev\.sigstore\.bundle(?:\.v\d[\d.]*)?\+json(?:;|$)/, 'bundle'],
  // BuildKit's statements are of this type, too, without an envelope: nobody signed them.
  [/^application\/(?:vnd\.dsse\.envelope\.v1|vnd\.in-toto)\+json$/, 'dsse'],
  [/spdx|cyclonedx|syft|sbom/, 'document'],
]

/** Bytes that are read of a signature or attestation. What holds an SBOM may be larger: whoever reads those says how large. */
export const LIMITS: Readonly<Record<'simple-signing' | 'bundle' | 'dsse', number>> = {
  'simple-signing': MIB,
  bundle: 8 * MIB,
  dsse: 8 * MIB,
}

/** One thing that is attached: a blob of a manifest, or a manifest of which no blob is read. */
export type Part = Attached & {
  readonly layer?: Layer | undefined
  /** Type of predicate as it stands beside it: nobody signed that. */
  readonly predicateType?: string | undefined
  /** Why it is not read at all. */
  readonly refused?: string | undefined
}

const formatOf = (mediaType: string): Format | undefined => FORMATS.find(([type]) => type.test(mediaType))?.[1]

/** Notation's type is that of the artifact: its blob is a JWS or a COSE envelope. @see https://notaryproject.dev/docs/specifications/signature-specification/ */
const isNotation = ({ type }: AttachedManifest): boolean => type === 'application/vnd.cncf.notary.signature'

/** What a manifest was meant to hold that cannot be read. */
function refusedFormat({ tag = '', type }: AttachedManifest): Format | undefined {
  const what = artifactOf([type])
  if (tag.endsWith('.sbom') || what === 'an SBOM') return 'document'
  if (tag.endsWith('.att') || what === 'an attestation') return 'dsse'
  if (tag.endsWith('.sig')) return 'simple-signing'
  return what === 'a signature' ? (formatOf(type) ?? 'simple-signing') : undefined
}

function partOf(manifest: AttachedManifest, layer: Layer, attached: Omit<Attached, 'format'>): readonly Part[] {
  const format = formatOf(layer.mediaType)
  if (!format) return []
  const { predicateType = manifest.annotations['dev.sigstore.bundle.predicateType'] } = layer.annotations
  return [{ ...attached, format, layer, predicateType }]
}

/**
 * What a manifest holds of signatures, attestations and SBOMs, in its order; nothing else.
 * @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
 * @see https://docs.sigstore.dev/about/bundle/
 */
export function partsOf(manifest: AttachedManifest): readonly Part[] {
  const { digest, tag, refused, layers } = manifest
  const attached = { digest, tag }
  const format = refused === undefined ? undefined : refusedFormat(manifest)
  if (refused !== undefined) return format ? [{ ...attached, format, refused }] : []
  if (isNotation(manifest)) return [{ ...attached, format: 'notation' }]
  return layers.flatMap((layer) => partOf(manifest, layer, attached))
}
