import type { ImageRef } from '../../../domain/image.ts'
import type { Attached, AttachedSbom, Check, ImageSboms } from '../../../domain/supply-chain/attached.ts'
import { weightOf } from '../../../domain/supply-chain/sbom/weight.ts'
import { Unreadable } from '../../../faults.ts'
import type { Images } from '../../image/platforms.ts'
import { type Verifying, verifiedPart } from '../checked.ts'
import { manifestsOf } from '../image-evidence.ts'
import { type Part, partsOf } from '../parts.ts'
import type { AttachedManifest, AttachmentReader } from '../ports.ts'
import { isSbom } from '../predicates.ts'
import { readSbom } from './read-sbom.ts'
import { statementIn } from './statement.ts'

const MIB = 1_048_576
/** Bytes of a document, and of an envelope, which is in memory several times over. */
const [DOCUMENT, ENVELOPE] = [32 * MIB, 16 * MIB]
/** Bytes of what may be read beside others. */
const SMALL = MIB
/** Bytes of memory that all SBOMs of an image may take, as far as they are kept: of some 150,000 packages. */
const ROOM = 32 * MIB
/** What may be an SBOM of one manifest, that is read. */
const PARTS = 20
/** How long those of an image are begun to be read. Milliseconds. */
const TIME = 20_000

export type SbomReading = {
  readonly attachments: AttachmentReader
  /** Asked for once for an image, and only where something is attested of it. */
  readonly verifying: () => Promise<Verifying>
  /** What an index lists beside its platforms and says to be about one: by the digest of that. Nobody signs it. */
  readonly listed: (index: ImageRef) => Promise<ReadonlyMap<string, readonly AttachedManifest[]>>
  /** Reads what is large when nothing else that is large is being read, whichever image it is of: one fills the memory there is. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
  readonly now?: () => number
}

const attachedOf = ({ digest, tag, format }: Part): Attached => ({ digest, tag, format })

/** A document, and what is attested, unless it stands beside it that it is something else. */
const mayBeSbom = ({ format, predicateType }: Part): boolean =>
  format === 'document' ||
  ((format === 'dsse' || format === 'bundle') && (predicateType === undefined || isSbom(predicateType)))

async function documentOf(part: Part, bytes: Buffer, check?: Check): Promise<AttachedSbom> {
  const read = await readSbom(bytes, DOCUMENT)
  return { ...attachedOf(part), ...(check && { check }), ...read }
}

type Around = {
  readonly subject: ImageRef
  readonly reading: SbomReading
  /** When none of its image is begun any more. Milliseconds since 1970. */
  readonly until: number
  /** Bytes that may still be kept for its image. */
  readonly room: { left: number }
}

const refusedOf = (part: Part, why: string, check?: Check): AttachedSbom => ({
  ...attachedOf(part),
  ...(check && { check }),
  refused: why,
})

/** A statement is read whoever signed it: `check` says whether it is to be believed. Undefined where it is of another kind. */
async function attestedIn(part: Part, bytes: Buffer, { subject, reading }: Around): Promise<AttachedSbom | undefined> {
  const said = statementIn(bytes)
  if ('refused' in said)
    return isSbom(part.predicateType)
      ? refusedOf(part, said.refused, { state: 'refused', why: said.refused })
      : undefined
  if (said.isBare) return said.isSbom ? documentOf({ ...part, format: 'document' }, bytes) : undefined
  const known = await reading.verifying()
  const { check, predicateType, statement } = await verifiedPart(part, subject, known, { blob: async () => bytes })
  // Beside what was signed anybody may have written another statement.
  if (check.state === 'verified')
    return isSbom(predicateType) && statement ? documentOf(part, statement, check) : undefined
  return isSbom(predicateType) || said.isSbom ? documentOf(part, said.bytes, check) : undefined
}

/** What could not be read. Of one that does not say so, nobody knows whether it is an SBOM. */
function unreadPart(part: Part, why: string): AttachedSbom | 'unread' {
  if (part.format === 'document') return refusedOf(part, why)
  return isSbom(part.predicateType) ? refusedOf(part, why, { state: 'unknown', why }) : 'unread'
}

async function readPart(part: Part, around: Around): Promise<AttachedSbom | 'unread' | undefined> {
  const { format, layer, refused } = part
  if (refused !== undefined || !layer) return refusedOf(part, refused ?? 'it has no content')
  const [{ subject, reading }, isDocument] = [around, format === 'document']
  let bytes: Buffer
  try {
    bytes = await reading.attachments.blob(subject, layer, isDocument ? DOCUMENT : ENVELOPE)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return unreadPart(part, error.message)
  }
  return isDocument ? documentOf(part, bytes) : attestedIn(part, bytes, around)
}

/** In its turn: what has none left, of time or of room, is not begun, and what takes more room than there is, is not kept. */
async function keptPart(part: Part, around: Around): Promise<AttachedSbom | 'unread' | undefined> {
  const { room, until, reading } = around
  const { now = Date.now, alone } = reading
  const read = async () => (now() >= until || room.left <= 0 ? 'unread' : readPart(part, around))
  const one = await ((part.layer?.size ?? 0) > SMALL ? alone(read) : read())
  if (one === undefined || one === 'unread' || !('sbom' in one)) return one
  room.left -= weightOf(one.sbom)
  return room.left < 0 ? 'unread' : one
}

type Manifest = { readonly digest: string; readonly platform?: string | undefined }

async function sbomsOf(manifest: Manifest, more: readonly AttachedManifest[], around: Around) {
  const { manifests, unread } = await around.reading.attachments.attachedTo(around.subject)
  const parts = [...manifests, ...more].flatMap(partsOf).filter(mayBeSbom)
  const sboms: AttachedSbom[] = []
  let left = Math.max(0, parts.length - PARTS)
  for (const part of parts.slice(0, PARTS)) {
    const one = await keptPart(part, around)
    if (one === 'unread') left++
    else if (one) sboms.push(one)
  }
  return { ...manifest, sboms, unread: unread + left }
}

/**
 * SBOMs of an image: attested, attached by a subject or a tag, or listed in its index as BuildKit does. Nothing in them makes
 * it throw: what is malformed is refused with the reason, and what is too much is counted as unread.
 * @throws {Unreadable} where what is attached cannot be listed
 * @throws {Gone}
 * @see https://docs.docker.com/build/metadata/attestations/attestation-storage/
 */
export async function imageSboms(image: ImageRef, images: Images, reading: SbomReading): Promise<ImageSboms> {
  const { isIndex, manifests } = manifestsOf(image, images)
  const listed = isIndex ? await reading.listed(image) : new Map<string, readonly AttachedManifest[]>()
  const ofImage = { reading, until: (reading.now ?? Date.now)() + TIME, room: { left: ROOM } }
  const read: ImageSboms['manifests'][number][] = []
  for (const manifest of manifests) {
    const around = { ...ofImage, subject: { ...image, digest: manifest.digest } }
    read.push(await sbomsOf(manifest, listed.get(manifest.digest) ?? [], around))
  }
  return { isIndex, manifests: read }
}
