import { createHash } from 'node:crypto'
import { Bundle, Envelope as EnvelopeMessage, HashAlgorithm } from '@sigstore/protobuf-specs'
import { COSIGN_SIGN, envelope, type Statement, statement } from './envelope.ts'
import { sha256Hex } from './keys.ts'
import { type KitSigner, type Vouched, vouchedEnvelope, vouchedMessage } from './signer.ts'

/** Media type of a Sigstore bundle, also of the artifact that holds one. @see https://docs.sigstore.dev/about/bundle/ */
export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json'

const material = (
  { key, certificate }: KitSigner,
  { entries, timestamps }: Vouched,
): Bundle['verificationMaterial'] => ({
  content: certificate
    ? { $case: 'certificate', certificate: { rawBytes: certificate } }
    : { $case: 'publicKey', publicKey: { hint: sha256Hex(key.der) } },
  tlogEntries: [...entries],
  timestampVerificationData: { rfc3161Timestamps: timestamps.map((signedTimestamp) => ({ signedTimestamp })) },
})

const asJson = (signer: KitSigner, vouched: Vouched, content: Bundle['content']): object =>
  Bundle.toJSON({ mediaType: BUNDLE, verificationMaterial: material(signer, vouched), content }) as object

/** A bundle with a signature over bytes, as `cosign sign-blob` makes it. */
export async function messageBundle(signed: Buffer, signer: KitSigner): Promise<object> {
  const signature = signer.key.sign(signed)
  const digest = createHash('sha256').update(signed).digest()
  return asJson(signer, await vouchedMessage(signer, signed, signature), {
    $case: 'messageSignature',
    messageSignature: { messageDigest: { algorithm: HashAlgorithm.SHA2_256, digest }, signature },
  })
}

/** A bundle with a signed payload, an in-toto statement in all that is well. */
export async function payloadBundle(payload: Buffer, signer: KitSigner, payloadType?: string): Promise<object> {
  const signed = envelope(payload, signer.key.sign, payloadType)
  return asJson(signer, await vouchedEnvelope(signer, signed), {
    $case: 'dsseEnvelope',
    dsseEnvelope: EnvelopeMessage.fromJSON(signed),
  })
}

/** A bundle with a signed statement, as `cosign attest` makes it. */
export const statementBundle = (said: Statement, signer: KitSigner): Promise<object> =>
  payloadBundle(statement(said), signer)

/** A bundle that signs a manifest, as `cosign sign` of cosign 3 makes it. */
export const signatureBundle = (
  digest: string,
  signer: KitSigner,
  annotations?: Statement['annotations'],
): Promise<object> =>
  statementBundle(
    { digest, predicateType: COSIGN_SIGN, predicate: {}, ...(annotations ? { annotations } : {}) },
    signer,
  )
