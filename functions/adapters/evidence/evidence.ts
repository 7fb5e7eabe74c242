import pLimit from 'p-limit'
import type { Signer } from '../../domain/supply-chain/signer.ts'
import { Unreadable } from '../../faults.ts'
import { kept } from '../../kept.ts'
import type { Verifying } from '../../policy/evidence/checked.ts'
import { imageEvidence } from '../../policy/evidence/image-evidence.ts'
import type { ByProfile } from '../../policy/evidence/managed.ts'
import type { SignatureVerifier, Verifiable } from '../../policy/evidence/ports.ts'
import { PINNED_ROOT } from '../../policy/evidence/sigstore/pinned-root.ts'
import { verifiableOf } from '../../policy/evidence/verifiable.ts'
import type { EvidenceReading } from '../evidence-reading.ts'
import type { AwsCall } from '../signed-aws.ts'
import { attachments } from './attachments.ts'
import { kmsKeys } from './public-keys.ts'
import { sbomReader } from './sboms.ts'

export { readSbom } from '../../policy/evidence/sbom/read-sbom.ts'

/** How long it stands whose signatures can be verified: a key that could not be read may be readable then. Milliseconds. */
const FRESH = 60_000

const isByProfile = (signer: Signer): signer is ByProfile => signer.by === 'signing-profile'

/**
 * Imports what verifies, which is much code, when something is attached that may be a signature.
 * @throws {Unreadable} for a trusted root that is none: nothing can be verified by it
 */
async function verifierOf(signers: readonly Verifiable[], root: object | undefined): Promise<SignatureVerifier> {
  const { signatureVerifier } = await import('../../policy/evidence/sigstore/verifier.ts')
  try {
    return signatureVerifier(signers, root ?? PINNED_ROOT)
  } catch (error) {
    throw new Unreadable((error as Error).message, true, error)
  }
}

/** What verifies, by whoever asks for keys: the same verifier until the keys are others. */
function verifyingBy(signers: readonly Signer[], root: object | undefined): (aws: AwsCall) => () => Promise<Verifying> {
  let last: { readonly keys: string; readonly verifier: SignatureVerifier } | undefined
  async function verifying(publicKey: (arn: string) => Promise<string>): Promise<Verifying> {
    const { verifiable, unreadKeys } = await verifiableOf(signers, publicKey)
    const keys = JSON.stringify(verifiable)
    const made = last?.keys === keys ? last : { keys, verifier: await verifierOf(verifiable, root) }
    last = made
    return { verifier: made.verifier, unreadKeys }
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
 * Reads who signed images, what is attested of them and which SBOMs they have, and verifies it by Sigstore's own library. Give
 * it to as many readers as there are: keys are asked for once, and what verifies is made once.
 * @param root `trusted_root.json` that keyless signatures are verified by; otherwise that of the package
 * @param keys asks for the public halves of keys of KMS; otherwise what reads the registry, in another account another role
 */
export function evidenceOf(signers: readonly Signer[], root?: object, keys?: AwsCall): EvidenceReading {
  const verifyingOf = verifyingBy(signers, root)
  const profiles = signers.filter(isByProfile)
  const limit = pLimit(1)
  const alone = <T>(work: () => Promise<T>): Promise<T> => limit(work)
  return async (parts) => {
    const verifying = verifyingOf(keys ?? parts.aws)
    const reader = attachments(parts)
    return {
      evidence: async (image) =>
        imageEvidence(image, await parts.images(image), { attachments: reader, profiles, verifying }),
      sboms: sbomReader(parts, { attachments: reader, verifying, alone }),
    }
  }
}
