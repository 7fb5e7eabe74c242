import type { Signer } from '../../domain/supply-chain/signer.ts'
import { Unreadable } from '../../faults.ts'
import { kept } from '../../kept.ts'
import type { Verifying } from '../../policy/evidence/checked.ts'
import { imageEvidence } from '../../policy/evidence/image-evidence.ts'
import type { ByProfile } from '../../policy/evidence/managed.ts'
import type { SignatureVerifier, Verifiable } from '../../policy/evidence/ports.ts'
import trustedRoot from '../../policy/evidence/sigstore/trusted-root.json' with { type: 'json' }
import { signatureVerifier } from '../../policy/evidence/sigstore/verifier.ts'
import { verifiableOf } from '../../policy/evidence/verifiable.ts'
import type { EvidenceReading } from '../evidence-reading.ts'
import type { AwsCall } from '../signed-aws.ts'
import { attachments } from './attachments.ts'
import { kmsKeys } from './public-keys.ts'
import { sbomReader } from './sboms.ts'

/** How long it stands whose signatures can be verified: a key that could not be read may be readable then. Milliseconds. */
const FRESH = 60_000

const isByProfile = (signer: Signer): signer is ByProfile => signer.by === 'signing-profile'

export type Trust = {
  readonly signers: readonly Signer[]
  /** Makes what verifies the signatures of these. */
  readonly verifierOf: (signers: readonly Verifiable[]) => SignatureVerifier
  /** Asks for the public halves of keys of KMS; what reads the registry otherwise, which in another account is another role. */
  readonly keys?: AwsCall | undefined
}

/** @throws {Unreadable} for a trusted root that is none: nothing can be verified by it */
function verifierBy(root: object) {
  return (signers: readonly Verifiable[]): SignatureVerifier => {
    try {
      return signatureVerifier(signers, root)
    } catch (error) {
      throw new Unreadable((error as Error).message, true, error)
    }
  }
}

/** What verifies, by whoever asks for keys: the same verifier until the keys are others. */
function verifyingBy({ signers, verifierOf }: Trust): (aws: AwsCall) => () => Promise<Verifying> {
  let last: { readonly keys: string; readonly verifier: SignatureVerifier } | undefined
  async function verifying(publicKey: (arn: string) => Promise<string>): Promise<Verifying> {
    const { verifiable, unreadKeys } = await verifiableOf(signers, publicKey)
    const keys = JSON.stringify(verifiable)
    if (last?.keys !== keys) last = { keys, verifier: verifierOf(verifiable) }
    return { verifier: last.verifier, unreadKeys }
  }
  const known = new WeakMap<AwsCall, () => Promise<Verifying>>()
  return (aws) => {
    const publicKey = kmsKeys(aws)
    const ask = kept({ keyOf: () => 'all', most: 1, fresh: FRESH }, () => verifying(publicKey))
    const one = known.get(aws) ?? (() => ask(undefined))
    known.set(aws, one)
    return one
  }
}

/**
 * Reads who signed images, what is attested of them and which SBOMs they have, and verifies it. Give it to as many readers as
 * there are: keys are asked for once, and what verifies is made once.
 */
export function evidenceBy(trust: Trust): EvidenceReading {
  const verifyingOf = verifyingBy(trust)
  const profiles = trust.signers.filter(isByProfile)
  return async (parts) => {
    const verifying = verifyingOf(trust.keys ?? parts.aws)
    const reader = attachments(parts)
    return {
      evidence: async (image) =>
        imageEvidence(image, await parts.images(image), { attachments: reader, profiles, verifying }),
      sboms: sbomReader(parts, { attachments: reader, verifying }),
    }
  }
}

/**
 * The same with Sigstore's own library.
 * @param root `trusted_root.json` that keyless signatures are verified by; undefined: that of the package
 * @param keys asks for the public halves of keys of KMS; otherwise what reads the registry
 */
export const evidenceOf = (signers: readonly Signer[], root: object = trustedRoot, keys?: AwsCall): EvidenceReading =>
  evidenceBy({ signers, verifierOf: verifierBy(root), keys })
