import type { ImageRef } from '../../../domain/image.ts'
import type { Attached, AttachedSbom, Check, ImageSboms } from '../../../domain/supply-chain/attached.ts'
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

type Around = { readonly subject: ImageRef; readonly reading: SbomReading }

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

type Manifest = { readonly digest: string; readonly platform?: string | undefined }

/** One after another: a large one fills the memory that there is. */
async function sbomsOf(manifest: Manifest, more: readonly AttachedManifest[], until: number, around: Around) {
  const { now = Date.now, attachments } = around.reading
  const { manifests, unread } = await attachments.attachedTo(around.subject)
  const parts = [...manifests, ...more].flatMap(partsOf).filter(mayBeSbom)
  const sboms: AttachedSbom[] = []
  let left = Math.max(0, parts.length - PARTS)
  for (const part of parts.slice(0, PARTS)) {
    const one = now() >= until ? 'unread' : await readPart(part, around)
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
  const until = (reading.now ?? Date.now)() + TIME
  const read: ImageSboms['manifests'][number][] = []
  for (const manifest of manifests) {
    const around = { subject: { ...image, digest: manifest.digest }, reading }
    read.push(await sbomsOf(manifest, listed.get(manifest.digest) ?? [], until, around))
  }
  return { isIndex, manifests: read }
}
