import type { ListedImage } from '../../functions/adapters/described-images.ts'
import type {
  Attached,
  AttachedSbom,
  Attestation,
  Check,
  ImageEvidence,
  ImageSboms,
  ManifestEvidence,
  Signature,
} from '../../functions/domain/supply-chain/attached.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { ImageReader } from '../../functions/policy/reader.ts'
import type { VerifiedManifest, VerifiedSbom, VerifyImageResult } from './image-result.ts'

type Checked = Pick<VerifiedSbom, 'state' | 'signers' | 'who' | 'how' | 'at' | 'why'>

function checkOf(check: Check | undefined): Checked {
  if (!check) return { state: 'unsigned', signers: [] }
  if (check.state !== 'verified') return { state: check.state, signers: [], why: check.why }
  const { state, signers, who, how, at } = check
  return { state, signers: [...signers], who, how, ...(at !== undefined && { at }) }
}

const attachedOf = ({ digest, tag, format }: Attached): Attached => ({
  digest,
  format,
  ...(tag !== undefined && { tag }),
})

const signatureOf = (one: Signature): VerifiedManifest['signatures'][number] => ({
  ...attachedOf(one),
  ...checkOf(one.check),
  annotations: { ...one.annotations },
  ...(one.reference !== undefined && { reference: one.reference }),
})

const attestationOf = (one: Attestation): VerifiedManifest['attestations'][number] => ({
  ...attachedOf(one),
  ...checkOf(one.check),
  ...(one.predicateType !== undefined && { predicateType: one.predicateType }),
  ...(one.predicate !== undefined && { predicate: one.predicate }),
})

function sbomOf(one: AttachedSbom): VerifiedSbom {
  const base = { ...attachedOf(one), ...checkOf(one.check) }
  if ('refused' in one) return { ...base, refused: one.refused }
  const { format, about, packages, created, tool } = one.sbom
  const document = { format, about: [...about], packages: packages.length }
  return { ...base, document: { ...document, ...(created && { created }), ...(tool && { tool }) } }
}

type Sboms = { readonly found: ImageSboms } | { readonly problem: string }

/** SBOMs do not decide who signed the image: what is wrong with them is said beside it. */
async function sbomsOf(reader: Pick<ImageReader, 'sboms'>, { ref }: ListedImage): Promise<Sboms> {
  try {
    return { found: await reader.sboms(ref) }
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message }
    throw error
  }
}

const signersOf = ({ signatures }: ManifestEvidence): readonly string[] =>
  signatures.flatMap(({ check }) => (check.state === 'verified' ? check.signers : []))

/** Whoever signed the digest itself, and of an index whoever signed each of its platforms: these are what runs. */
function signedBy({ isIndex, manifests: [own, ...platforms] }: ImageEvidence): readonly string[] {
  const [first = [], ...rest] = isIndex ? platforms.map(signersOf) : []
  const ofAll = first.filter((name) => rest.every((names) => names.includes(name)))
  return [...new Set([...(own ? signersOf(own) : []), ...ofAll])]
}

const isUnknown = ({ signatures, unread }: ManifestEvidence): boolean =>
  unread > 0 || signatures.some(({ check }) => check.state === 'unknown')

export type Verified = Pick<VerifyImageResult, 'signedBy' | 'isIndex' | 'manifests' | 'sbomsUnread'> & {
  /** Whether somebody may have signed it all the same: something could not be checked. */
  readonly isUnknown: boolean
}

/**
 * Reads and verifies all that is attached to an image.
 * @throws {Unreadable} where it cannot be listed
 * @throws {Gone}
 */
export async function readImage(
  image: ListedImage,
  reader: Pick<ImageReader, 'evidence' | 'sboms'>,
): Promise<Verified> {
  const [evidence, sboms] = await Promise.all([reader.evidence(image.ref), sbomsOf(reader, image)])
  const manifests = evidence.manifests.map((one, index): VerifiedManifest => {
    const found = 'found' in sboms ? sboms.found.manifests[index] : undefined
    return {
      digest: one.digest,
      ...(one.platform !== undefined && { platform: one.platform }),
      signatures: one.signatures.map(signatureOf),
      attestations: one.attestations.map(attestationOf),
      sboms: (found?.sboms ?? []).map(sbomOf),
      unread: Math.max(one.unread, found?.unread ?? 0),
    }
  })
  return {
    ...{ isIndex: evidence.isIndex, manifests, signedBy: [...signedBy(evidence)] },
    isUnknown: evidence.manifests.some(isUnknown),
    ...('problem' in sboms && { sbomsUnread: sboms.problem }),
  }
}
