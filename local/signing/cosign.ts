import type { TransparencyLogEntry } from '@sigstore/protobuf-specs'
import { type Envelope, envelope, type Statement, statement } from './envelope.ts'
import { type KitSigner, type Vouched, vouchedEnvelope, vouchedMessage } from './signer.ts'
import { certificatePem } from './sigstore.ts'
import { type Claim, simpleSigning } from './simple-signing.ts'

/** Annotations of a layer, as cosign 1 and 2 write them. @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md */
export const SIGNATURE = 'dev.cosignproject.cosign/signature'
export const CERTIFICATE = 'dev.sigstore.cosign/certificate'
export const CHAIN = 'dev.sigstore.cosign/chain'
export const REKOR = 'dev.sigstore.cosign/bundle'
export const TIMESTAMP = 'dev.sigstore.cosign/rfc3161timestamp'

/** What is signed, and what stands beside it. */
export type SignedLayer = { readonly bytes: Buffer; readonly annotations: Readonly<Record<string, string>> }

/** An entry of Rekor as cosign keeps it: with the signed time, and without a proof. */
const rekorBundle = (entry: TransparencyLogEntry): string =>
  JSON.stringify({
    SignedEntryTimestamp: entry.inclusionPromise?.signedEntryTimestamp.toString('base64'),
    Payload: {
      body: entry.canonicalizedBody.toString('base64'),
      integratedTime: Number(entry.integratedTime),
      logIndex: Number(entry.logIndex),
      logID: entry.logId?.keyId.toString('hex'),
    },
  })

const beside = ({ certificate, sigstore }: KitSigner, { entries, timestamps }: Vouched): Record<string, string> => ({
  ...(certificate && sigstore ? { [CERTIFICATE]: certificatePem(certificate), [CHAIN]: sigstore.chain } : {}),
  ...Object.fromEntries(entries.map((entry) => [REKOR, rekorBundle(entry)])),
  ...Object.fromEntries(
    timestamps.map((stamp) => [TIMESTAMP, JSON.stringify({ SignedRFC3161Timestamp: stamp.toString('base64') })]),
  ),
})

/** Signs any payload as cosign does, with its annotations. */
export async function signedPayload(payload: Buffer, signer: KitSigner): Promise<SignedLayer> {
  const signature = signer.key.sign(payload)
  return {
    bytes: payload,
    annotations: {
      [SIGNATURE]: signature.toString('base64'),
      ...beside(signer, await vouchedMessage(signer, payload, signature)),
    },
  }
}

/** A signature of a manifest in cosign's old form. */
export const signedClaim = (claim: Claim, signer: KitSigner): Promise<SignedLayer> =>
  signedPayload(simpleSigning(claim), signer)

/** Any envelope as cosign keeps it: the signature is within. */
export async function envelopeLayer(signed: Envelope, signer: KitSigner, predicateType?: string): Promise<SignedLayer> {
  return {
    bytes: Buffer.from(JSON.stringify(signed)),
    annotations: {
      [SIGNATURE]: '',
      ...(predicateType === undefined ? {} : { predicateType }),
      ...beside(signer, await vouchedEnvelope(signer, signed)),
    },
  }
}

/** A signed statement in cosign's old form. */
export const signedStatement = (said: Statement, signer: KitSigner): Promise<SignedLayer> =>
  envelopeLayer(envelope(statement(said), signer.key.sign), signer, said.predicateType)
