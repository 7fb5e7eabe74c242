import type { Artifact, PlatformManifest } from '../../domain/facts/image-facts.ts'
import { isRecord } from '../../domain/record.ts'
import { isDigest, verify } from './digest.ts'
import { field, type Json, listIn, objectIn, parseObject, textIn, unreadable } from './json.ts'
import { isSchema1, kindOf } from './kind.ts'
import { platformIn } from './platform.ts'

const WHAT = 'its manifest'

/** Registries need not take more. Bytes. @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests */
export const MANIFEST_LIMIT = 4 * 1_048_576
/** Docker makes 127 at most. */
const LAYERS = 1_000

/** A blob or a manifest, as one is named by another. */
export type Descriptor = { readonly digest: string; readonly size: number }

/** A manifest that an index lists; its platform where the index says it. */
export type Member = Descriptor & { readonly platform?: string | undefined }

/** What a manifest says of one image, with the blob that holds the rest. */
export type OpenedImage = PlatformManifest & { readonly kind: 'image'; readonly configuration: Descriptor }

export type Opened = Artifact | OpenedImage | { readonly kind: 'index'; readonly members: readonly Member[] }

function descriptor(value: unknown): Descriptor & { readonly json: Json } {
  if (!isRecord(value)) throw unreadable('its manifest names something that is no descriptor')
  const [digest, size] = [field(value, 'digest', WHAT), field(value, 'size', WHAT)]
  if (!isDigest(digest)) throw unreadable('its manifest names a digest that is not of sha256')
  if (!Number.isSafeInteger(size) || (size as number) < 0) throw unreadable('its manifest names a size that is none')
  return { digest, size: size as number, json: value }
}

const member = (value: unknown): Member => {
  const { digest, size, json } = descriptor(value)
  const platform = field(json, 'platform', WHAT)
  return { digest, size, platform: isRecord(platform) ? platformIn(platform, WHAT) : undefined }
}

/** What an image is built upon, as its builder may say it. @see https://github.com/opencontainers/image-spec/blob/main/annotations.md */
const BASE = ['org.opencontainers.image.base.name', 'org.opencontainers.image.base.digest']
/** Of an image's name, with tag and digest. */
const REFERENCE = /^[\w./:@+-]{1,512}$/

/** Of all annotations, those that are used: any other may hold anything. */
export const baseNotesIn = (notes: Json): Readonly<Record<string, string>> =>
  Object.fromEntries(
    BASE.flatMap((name) => {
      const value = notes[name]
      return typeof value === 'string' && REFERENCE.test(value) ? [[name, value]] : []
    }),
  )

function image(manifest: Json, digest: string): OpenedImage {
  const { json: _, ...configuration } = descriptor(field(manifest, 'config', WHAT))
  const layers = listIn(manifest, 'layers', WHAT)
  if (layers.length > LAYERS) throw unreadable(`its manifest lists more than ${LAYERS} layers`)
  const described = layers.map(descriptor)
  return {
    kind: 'image',
    digest,
    configuration,
    sizeInBytes: described.reduce((sum, { size }) => sum + size, configuration.size),
    layers: described.map((layer) => layer.digest),
    annotations: baseNotesIn(objectIn(manifest, 'annotations', WHAT)),
  }
}

function subjectOf(manifest: Json): string | undefined {
  const digest = textIn(objectIn(manifest, 'subject', WHAT), 'digest', WHAT)
  return isDigest(digest) ? digest : undefined
}

/**
 * Reads the manifest that a digest names.
 * @throws {Unreadable} where it is not that one, or cannot be relied upon
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md
 */
export function openManifest(text: string, digest: string): Opened {
  const bytes = Buffer.from(text)
  if (bytes.length > MANIFEST_LIMIT) throw unreadable('its manifest has more than 4 MiB')
  const manifest = parseObject(bytes, WHAT)
  // Its digest is that of a part of it.
  if (isSchema1(manifest))
    throw unreadable("its manifest is of Docker's schema 1, which says nothing of platform or user")
  verify(bytes, digest, WHAT)
  const kind = kindOf(manifest)
  if (kind.kind === 'artifact') return { ...kind, subject: subjectOf(manifest) }
  if (kind.kind === 'image') return image(manifest, digest)
  return { kind: 'index', members: listIn(manifest, 'manifests', WHAT).map(member) }
}
