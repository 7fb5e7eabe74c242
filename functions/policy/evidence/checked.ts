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

/** Reads a blob and verifies what it holds. What cannot be read is unknown. @throws {Gone} */
async function verify(
  part: Part,
  subject: ImageRef,
  { verifier }: Verifying,
  blob: AttachmentReader['blob'],
): Promise<Verified> {
  const { format, layer, refused } = part
  if (refused !== undefined) return without({ state: 'refused', why: refused })
  if (format === 'notation' || format === 'managed' || format === 'document' || !layer) return NOTATION
  try {
    const bytes = await blob(subject, layer, LIMITS[format])
    if (format === 'bundle') return verifier.bundle(bytes, subject.digest)
    if (format === 'dsse') return verifier.envelope(bytes, layer.annotations, subject.digest)
    return verifier.simpleSigning(bytes, layer.annotations, subject.digest)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return without({ state: 'unknown', why: error.message })
  }
}

/** One that is nobody's may be that of somebody whose key could not be had. */
function orUnknown(check: Check, unreadKeys: readonly UnreadKey[]): Check {
  if (check.state !== 'refused' || unreadKeys.length === 0) return check
  const whose = unreadKeys.map(({ name, why }) => `the key of ${name} could not be read: ${why}`)
  return { state: 'unknown', why: [check.why, ...whose].join('; ') }
}

const attachedOf = ({ digest, tag, format }: Part): Attached => ({ digest, tag, format })

function attestationOf(part: Part, check: Check, { predicateType, predicate }: Verified): Attestation {
  const type = predicateType ?? part.predicateType
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
  const verified = await verify(part, subject, verifying, blob)
  const check = part.refused === undefined ? orUnknown(verified.check, verifying.unreadKeys) : verified.check
  const type = verified.predicateType ?? part.predicateType
  const isStatement = part.format === 'dsse' || (part.format === 'bundle' && type !== undefined)
  if (isStatement && !isSignature(type))
    return { kind: 'attestation', attestation: attestationOf(part, check, verified) }
  const { annotations, reference } = verified
  const isGood = check.state === 'verified'
  return {
    kind: 'signature',
    signature: { ...attachedOf(part), check, annotations: isGood ? annotations : {}, ...(isGood && { reference }) },
  }
}
