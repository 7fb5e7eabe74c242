import type { Envelope } from './envelope.ts'
import { sha256Hex } from './keys.ts'

/** Body of Rekor for a signature over bytes. @param verifier PEM of the key or certificate */
export const hashedRekord = (signed: Buffer, signature: Buffer, verifier: string) => ({
  apiVersion: '0.0.1',
  kind: 'hashedrekord',
  spec: {
    data: { hash: { algorithm: 'sha256', value: sha256Hex(signed) } },
    signature: {
      content: signature.toString('base64'),
      publicKey: { content: Buffer.from(verifier).toString('base64') },
    },
  },
})

/** Body of Rekor for an envelope. @param verifier PEM of the key or certificate */
export const dsseEntry = (envelope: Envelope, verifier: string) => ({
  apiVersion: '0.0.1',
  kind: 'dsse',
  spec: {
    envelopeHash: { algorithm: 'sha256', value: sha256Hex(Buffer.from(JSON.stringify(envelope))) },
    payloadHash: { algorithm: 'sha256', value: sha256Hex(Buffer.from(envelope.payload, 'base64')) },
    signatures: envelope.signatures.map(({ sig }) => ({
      signature: sig,
      verifier: Buffer.from(verifier).toString('base64'),
    })),
  },
})
