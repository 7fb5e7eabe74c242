import { isRecord } from '../../domain/record.ts'
import { Unreadable } from '../../faults.ts'
import { isDigest } from '../image/digest.ts'
import { field, type Json, listIn, objectIn, parseObject, textIn, unreadable } from '../image/json.ts'
import { MANIFEST_LIMIT } from '../image/manifest.ts'
import type { AttachedManifest, Layer } from './ports.ts'

const WHAT = 'its manifest'

/** Whoever signs again adds one. */
const LAYERS = 1_000

const textsIn = (json: Json): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(objectIn(json, 'annotations', WHAT)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )

function layerOf(value: unknown): Layer {
  if (!isRecord(value)) throw unreadable('its manifest lists something that is no blob')
  const [digest, size] = [field(value, 'digest', WHAT), field(value, 'size', WHAT)]
  if (!isDigest(digest)) throw unreadable('its manifest names a digest that is not of sha256')
  if (!Number.isSafeInteger(size) || (size as number) < 0) throw unreadable('its manifest names a size that is none')
  return {
    digest,
    size: size as number,
    mediaType: textIn(value, 'mediaType', WHAT) ?? '',
    annotations: textsIn(value),
  }
}

/** Artifact manifests of before OCI 1.1 have blobs. @see https://github.com/oras-project/artifacts-spec/blob/main/artifact-manifest.md */
function layersIn(manifest: Json): readonly Layer[] {
  if (Array.isArray(field(manifest, 'manifests', WHAT))) throw unreadable('it is an index, which holds nothing itself')
  const layers = [...listIn(manifest, 'layers', WHAT), ...listIn(manifest, 'blobs', WHAT)]
  if (layers.length > LAYERS) throw unreadable(`its manifest lists more than ${LAYERS} blobs`)
  return layers.map(layerOf)
}

const typeOf = (manifest: Json): string =>
  textIn(manifest, 'artifactType', WHAT) ?? textIn(objectIn(manifest, 'config', WHAT), 'mediaType', WHAT) ?? ''

/** What is attached by a tag need not say what it is about. @throws {Unreadable} */
function checkSubject(manifest: Json, subject: string, isTagged: boolean): void {
  const about = field(objectIn(manifest, 'subject', WHAT), 'digest', WHAT)
  if (about !== subject && !(isTagged && about === undefined)) throw unreadable('its manifest is about another one')
}

type Found = Pick<AttachedManifest, 'digest' | 'tag'> & {
  /** As ECR says it in a listing: for what cannot be read. */
  readonly type?: string | undefined
}

/**
 * Reads a manifest that is said to be attached to `subject`. It has its digest by then.
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md
 * @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
 */
export function openAttached(bytes: Buffer, { type = '', ...found }: Found, subject: string): AttachedManifest {
  try {
    if (bytes.length > MANIFEST_LIMIT) throw unreadable('its manifest has more than 4 MiB')
    const manifest = parseObject(bytes, WHAT)
    checkSubject(manifest, subject, found.tag !== undefined)
    return { ...found, type: typeOf(manifest), layers: layersIn(manifest), annotations: textsIn(manifest) }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { ...found, type, layers: [], annotations: {}, refused: error.message }
  }
}

/** What an index lists; empty where it is none. @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema */
export function referrersIn(bytes: Buffer): readonly Pick<Layer, 'digest' | 'size'>[] {
  try {
    return listIn(parseObject(bytes, WHAT), 'manifests', WHAT).map(layerOf)
  } catch (error) {
    if (error instanceof Unreadable) return []
    throw error
  }
}
