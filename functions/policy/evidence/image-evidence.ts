import pLimit from 'p-limit'
import type { ImageRef } from '../../domain/image.ts'
import type { ImageEvidence, ManifestEvidence } from '../../domain/supply-chain/attached.ts'
import { Unreadable } from '../../faults.ts'
import type { Images } from '../image/platforms.ts'
import { type Checked, checked, type Verifying } from './checked.ts'
import { type ByProfile, managedSignatures } from './managed.ts'
import { type Part, partsOf } from './parts.ts'
import type { AttachedManifest, AttachmentReader } from './ports.ts'

/** Signatures and attestations of one manifest that are checked. */
const PARTS = 100
/** Manifests of an index that are looked at side by side, and blobs; a large one is alone with those of its kind. */
const [MANIFESTS, BLOBS] = [4, 8]
const SMALL = 256 * 1_024
/** How long blobs of an image are begun to be read: the last one may take as long again. Milliseconds. */
const TIME = 10_000

export type Evidencing = {
  readonly attachments: AttachmentReader
  readonly profiles: readonly ByProfile[]
  /** Asked for once for an image, and only where something is attached to it. */
  readonly verifying: () => Promise<Verifying>
  readonly now?: () => number
}

type Manifest = Omit<ManifestEvidence, 'signatures' | 'attestations' | 'unread'>

/** The manifest that is judged, and where it is an index, each of its platforms. */
export function manifestsOf(
  image: ImageRef,
  images: Images,
): Pick<ImageEvidence, 'isIndex'> & { manifests: Manifest[] } {
  const platforms = images.kind === 'image' ? images.images : []
  const isIndex = platforms.length > 0 && !(platforms.length === 1 && platforms[0]?.digest === image.digest)
  const members = isIndex ? platforms.map(({ digest, platform }) => ({ digest, platform })) : []
  return { isIndex, manifests: [{ digest: image.digest }, ...members] }
}

/** First what each manifest holds first: one that holds much takes no room from the others. */
function evidenceIn(manifests: readonly AttachedManifest[]): readonly Part[] {
  const parts = manifests.map((one) => partsOf(one).filter(({ format }) => format !== 'document'))
  return parts
    .flatMap((of) => of.map((part, index) => ({ part, index })))
    .toSorted((a, b) => a.index - b.index)
    .map(({ part }) => part)
}

/** Blobs a few at a time, and none once the time is over. */
function paced({ attachments, now = Date.now }: Evidencing): AttachmentReader['blob'] {
  const [small, large] = [pLimit(BLOBS), pLimit(1)]
  const until = now() + TIME
  return (image, blob, limit) =>
    (blob.size > SMALL ? large : small)(() => {
      if (now() >= until) throw new Unreadable('it could not be read in time', false, undefined)
      return attachments.blob(image, blob, limit)
    })
}

const signaturesIn = (all: readonly Checked[]) =>
  all.flatMap((one) => (one.kind === 'signature' ? [one.signature] : []))
const attestationsIn = (all: readonly Checked[]) =>
  all.flatMap((one) => (one.kind === 'attestation' ? [one.attestation] : []))

async function evidenceFor(
  manifest: Manifest,
  image: ImageRef,
  blob: AttachmentReader['blob'],
  { attachments, profiles, verifying }: Evidencing,
): Promise<ManifestEvidence> {
  const subject = { ...image, digest: manifest.digest }
  const [{ manifests, unread }, managed] = await Promise.all([
    attachments.attachedTo(subject),
    managedSignatures(subject.digest, profiles, () => attachments.signingStatus(subject)),
  ])
  const parts = evidenceIn(manifests)
  const known = parts.length > 0 ? await verifying() : undefined
  const all = known ? await Promise.all(parts.slice(0, PARTS).map((part) => checked(part, subject, known, blob))) : []
  return {
    ...manifest,
    signatures: [...managed, ...signaturesIn(all)],
    attestations: attestationsIn(all),
    unread: unread + Math.max(0, parts.length - PARTS),
  }
}

/**
 * Signatures and attestations of an image, and of each platform of an index. What is wrong with one of them is said of it
 * alone: whoever may push can attach anything.
 * @throws {Unreadable} where what is attached cannot be listed: then nothing is known to be missing
 * @throws {Gone}
 */
export async function imageEvidence(image: ImageRef, images: Images, evidencing: Evidencing): Promise<ImageEvidence> {
  const { isIndex, manifests } = manifestsOf(image, images)
  const [blob, limit] = [paced(evidencing), pLimit(MANIFESTS)]
  const reading = manifests.map((manifest) => limit(() => evidenceFor(manifest, image, blob, evidencing)))
  return { isIndex, manifests: await Promise.all(reading) }
}
