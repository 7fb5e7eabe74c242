import type { ImageRef } from '../../domain/image.ts'
import type { Attached, Attestation, Check, Signature } from '../../domain/supply-chain/attached.ts'
import { Unreadable } from '../../faults.ts'
import { LIMITS, type Part } from './parts.ts'
import type { AttachmentReader, SignatureVerifier, Verified } from './ports.ts'
import { isSbom, isSignature } from './predicates.ts'

/** A signer whose key could not be had. */
export type UnreadKey = { readonly name: string; readonly why: string }

/** What verifies, and whom it does not know. */
export type Verifying = { readonly verifier: SignatureVerifier; readonly unreadKeys: readonly UnreadKey[] }

/** A part with what came of checking it. */
export type Checked =
  | { readonly kind: 'signature'; readonly signature: Signature }
  | { readonly kind: 'attestation'; readonly attestation: Attestation }

const without = (check: Check): Verified => ({ check, annotations: {} })

const NOTATION = without({
  state: 'unknown',
  why: 'a signature of Notation, which is not verified here: ECR says of those that it made itself whether they are good',
})

async function verify(
  { format, layer, refused }: Part,
  subject: ImageRef,
  { verifier }: Verifying,
  { blob, limit }: Reading,
): Promise<Verified> {
  if (refused !== undefined) return without({ state: 'refused', why: refused })
  if (format === 'notation' || format === 'managed' || format === 'document' || !layer) return NOTATION
  try {
    const bytes = await blob(subject, layer, limit ?? LIMITS[format])
    if (format === 'bundle') return verifier.bundle(bytes, subject.digest)
    if (format === 'dsse') return verifier.envelope(bytes, layer.annotations, subject.digest)
    return verifier.simpleSigning(bytes, layer.annotations, subject.digest)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return without({ state: 'unknown', why: error.message })
  }
}

/** What verifies says it in sentences; here reasons are parts of one. */
const clause = (why: string): string =>
  why.replace(/^[A-Z](?=[a-z' ])/, (first) => first.toLowerCase()).replace(/\.$/, '')

/** One that is nobody's may be that of somebody whose key could not be had. */
function settled(check: Check, isRead: boolean, unreadKeys: readonly UnreadKey[]): Check {
  if (check.state === 'verified') return check
  const why = clause(check.why)
  if (check.state === 'unknown' || !isRead || unreadKeys.length === 0) return { ...check, why }
  const whose = unreadKeys.map(({ name, why: reason }) => `the key of ${name} could not be read: ${reason}`)
  return { state: 'unknown', why: [why, ...whose].join('; ') }
}

/** How blobs are read. `limit`: bytes, where other than those of its format. */
type Reading = { readonly blob: AttachmentReader['blob']; readonly limit?: number }

/**
 * Reads a blob and verifies what it holds. What cannot be read is unknown, and so is what may be of a signer whose key could
 * not be had.
 * @throws {Gone}
 */
export async function verifiedPart(
  part: Part,
  subject: ImageRef,
  verifying: Verifying,
  reading: Reading,
): Promise<Verified> {
  const verified = await verify(part, subject, verifying, reading)
  return { ...verified, check: settled(verified.check, part.refused === undefined, verifying.unreadKeys) }
}

const attachedOf = ({ digest, tag, format }: Part): Attached => ({ digest, tag, format })

/** What stands beside it counts only where it is not verified: anybody may have written that beside what others signed. */
const typeOf = (part: Part, { check, predicateType }: Verified): string | undefined =>
  check.state === 'verified' ? predicateType : (predicateType ?? part.predicateType)

function attestationOf(part: Part, verified: Verified): Attestation {
  const { check, predicate } = verified
  const type = typeOf(part, verified)
  const isTold = check.state === 'verified' && !isSbom(type)
  return { ...attachedOf(part), check, predicateType: type, ...(isTold && { predicate }) }
}

/**
 * Whose a signature or an attestation is. A bundle is an attestation where its statement says so; where that cannot be read,
 * what stands beside it does.
 * @throws {Gone}
 */
export async function checked(
  part: Part,
  subject: ImageRef,
  verifying: Verifying,
  blob: AttachmentReader['blob'],
): Promise<Checked> {
  const verified = await verifiedPart(part, subject, verifying, { blob })
  const type = typeOf(part, verified)
  const isStatement = part.format === 'dsse' || (part.format === 'bundle' && type !== undefined)
  if (isStatement && !isSignature(type)) return { kind: 'attestation', attestation: attestationOf(part, verified) }
  const { check, annotations, reference } = verified
  const isGood = check.state === 'verified'
  return {
    kind: 'signature',
    signature: { ...attachedOf(part), check, annotations: isGood ? annotations : {}, ...(isGood && { reference }) },
  }
}
