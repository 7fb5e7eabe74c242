import { createPublicKey, verify } from 'node:crypto'
import { dsse } from '@sigstore/core'
import type { Check } from '../../../functions/domain/supply-chain/attached.ts'
import type { SignatureVerifier, Verifiable, Verified } from '../../../functions/policy/evidence/ports.ts'
import { SIGNATURE } from '../../../local/signing/cosign.ts'
import type { Envelope } from '../../../local/signing/envelope.ts'

/** Verifies by keys alone, with the cryptography of Node: enough to say what becomes of what is verified. */
export function smallVerifier(signers: readonly Verifiable[]): SignatureVerifier {
  function checkOf(data: Buffer, signature: Buffer, isAbout: boolean): Check {
    const names = signers.flatMap((one) =>
      one.by === 'key' && verify('sha256', data, createPublicKey(one.pem), signature) ? [one.name] : [],
    )
    if (names.length === 0) return { state: 'refused', why: 'it is of no key that is known' }
    if (!isAbout) return { state: 'refused', why: 'it is about another digest' }
    return { state: 'verified', signers: names, who: `key ${names[0]}`, how: 'by its key' }
  }

  function envelope(bytes: Buffer, subject: string): Verified {
    const { payload, payloadType, signatures }: Envelope = JSON.parse(bytes.toString())
    const signed = Buffer.from(payload, 'base64')
    const { predicateType, predicate, subject: about } = JSON.parse(signed.toString())
    const isAbout = about.some(({ digest }: { digest: { sha256: string } }) => `sha256:${digest.sha256}` === subject)
    const signature = Buffer.from(signatures[0]?.sig ?? '', 'base64')
    const check = checkOf(dsse.preAuthEncoding(payloadType, signed), signature, isAbout)
    return { check, annotations: {}, predicateType, ...(check.state === 'verified' && { predicate }) }
  }

  return {
    bundle: (bytes, subject) =>
      envelope(Buffer.from(JSON.stringify(JSON.parse(bytes.toString()).dsseEnvelope)), subject),
    envelope: (bytes, _, subject) => envelope(bytes, subject),
    simpleSigning(payload, annotations, subject) {
      const { critical, optional } = JSON.parse(payload.toString())
      const isAbout = critical.image['docker-manifest-digest'] === subject
      const check = checkOf(payload, Buffer.from(annotations[SIGNATURE] ?? '', 'base64'), isAbout)
      return { check, annotations: optional ?? {}, reference: critical.identity['docker-reference'] }
    },
  }
}
