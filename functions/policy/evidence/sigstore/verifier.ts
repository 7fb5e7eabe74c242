import type { Bundle } from '@sigstore/bundle'
import { digestOf } from '../../image/digest.ts'
import type { SignatureVerifier, Verifiable, Verified } from '../ports.ts'
import { bundleOf } from './bundle-shape.ts'
import { claimAbout } from './claim.ts'
import { type Artifact, envelopeContent, messageContent } from './content.ts'
import { bundleBeside, signatureIn } from './cosign-layer.ts'
import { judge } from './judge.ts'
import { reasonOf } from './reasons.ts'
import { type Signers, signersOf } from './signers.ts'
import { statementAbout } from './statement.ts'
import { strictJson } from './strict-json.ts'
import { trustOf } from './trust.ts'

export { trustOf }

/** Who may have signed, and what certificates, logs and timestamps are verified by. */
type Trusted = { readonly signers: Signers; readonly root: ReturnType<typeof trustOf> }

const refused = (error: unknown): Verified => ({ check: { state: 'refused', why: reasonOf(error) }, annotations: {} })

/** Whatever is thrown over what others wrote is a reason to refuse it. */
function refusing(verify: () => Verified): Verified {
  try {
    return verify()
  } catch (error) {
    return refused(error)
  }
}

function verifyBundle(bundle: Bundle, artifact: Artifact, { signers, root }: Trusted): Verified {
  const { content } = bundle
  if (content.$case === 'messageSignature') {
    const check = judge(bundle, messageContent(content.messageSignature, artifact), signers, root)
    return { check, annotations: {} }
  }
  const { payloadType, payload } = content.dsseEnvelope
  const { annotations, predicateType, predicate } = statementAbout(payloadType, payload, artifact)
  return {
    predicateType,
    ...refusing(() => ({
      check: judge(bundle, envelopeContent(content.dsseEnvelope), signers, root),
      annotations,
      predicate,
      statement: payload,
    })),
  }
}

/** Signature and claim as cosign 1 and 2 keep them: a signature over the payload, which names the manifest. */
function verifySimple(
  payload: Buffer,
  annotations: Readonly<Record<string, string>>,
  subject: string,
  trusted: Trusted,
): Verified {
  const claim = claimAbout(payload, subject)
  const digest = digestOf(payload)
  const messageSignature = {
    messageDigest: { algorithm: 'SHA2_256', digest: Buffer.from(digest.slice(7), 'hex').toString('base64') },
    signature: signatureIn(annotations),
  }
  const bundle = bundleOf(bundleBeside(annotations, { messageSignature }))
  return { ...verifyBundle(bundle, { digest, bytes: payload }, trusted), ...claim }
}

/** Verifies bundles of manifests, and of files too. */
export type BundleVerifier = SignatureVerifier & {
  /** The same of what may be a file, of which the bytes are at hand. */
  artifact(bundle: Buffer, artifact: Artifact): Verified
}

/**
 * Verifies by Sigstore's own library, without a request. It does not look into the past: a signer who was dropped from
 * `verifiables` holds no longer.
 * @param verifiables who may have signed; a key that is none, or too weak, refuses whatever it signed
 * @param trustedRoot `trusted_root.json` of a Sigstore
 * @throws {Error} where the root is none; what is verified makes nothing throw
 */
export function signatureVerifier(verifiables: readonly Verifiable[], trustedRoot: unknown): BundleVerifier {
  const trusted: Trusted = { signers: signersOf(verifiables), root: trustOf(trustedRoot) }
  const artifact: BundleVerifier['artifact'] = (bytes, signed) =>
    refusing(() => verifyBundle(bundleOf(strictJson(bytes)), signed, trusted))
  return {
    artifact,
    bundle: (bytes, subject) => artifact(bytes, { digest: subject }),
    simpleSigning: (payload, annotations, subject) =>
      refusing(() => verifySimple(payload, annotations, subject, trusted)),
    envelope: (bytes, annotations, subject) =>
      refusing(() => {
        const bundle = bundleOf(bundleBeside(annotations, { dsseEnvelope: strictJson(bytes) }))
        return verifyBundle(bundle, { digest: subject }, trusted)
      }),
  }
}
