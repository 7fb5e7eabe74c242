import { dsse } from '@sigstore/core'

/** What a statement is about, and says of it. @see https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export type Statement = {
  /** Digest of the manifest it is about. */
  readonly digest: string
  /** Name of the subject; otherwise none, as cosign 3 writes it. */
  readonly name?: string
  readonly predicateType: string
  readonly predicate: unknown
  /** What `cosign sign -a` of cosign 3 adds to the subject; otherwise nothing. */
  readonly annotations?: Readonly<Record<string, string>>
}

/** Predicate of a signature as cosign 3 makes it: the statement says no more than what it is about. */
export const COSIGN_SIGN = 'https://sigstore.dev/cosign/sign/v1'

export const IN_TOTO = 'application/vnd.in-toto+json'

/** An in-toto statement as JSON. */
export const statement = ({ digest, name, annotations, predicateType, predicate }: Statement): Buffer =>
  Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name, digest: { sha256: digest.replace('sha256:', '') }, annotations }],
      predicateType,
      predicate,
    }),
  )

/** A DSSE envelope: the payload and its signature as base64. */
export type Envelope = {
  readonly payloadType: string
  readonly payload: string
  readonly signatures: readonly { readonly keyid?: string; readonly sig: string }[]
}

/** Signs a payload with its type. @see https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export const envelope = (payload: Buffer, sign: (data: Buffer) => Buffer, payloadType: string = IN_TOTO): Envelope => ({
  payloadType,
  payload: payload.toString('base64'),
  signatures: [{ sig: sign(dsse.preAuthEncoding(payloadType, payload)).toString('base64') }],
})
