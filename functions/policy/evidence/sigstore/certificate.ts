import { X509Certificate } from 'node:crypto'
import type { Bundle } from '@sigstore/bundle'
import { ASN1Obj } from '@sigstore/core'
import { Refused } from './refused.ts'

/** There is one way to write DER, and OpenSSL keeps to it. Of the algorithm a certificate speaks twice: signed, and beside it. */
function isStrict(der: Buffer<ArrayBuffer>): boolean {
  const [signed, algorithm, signature] = ASN1Obj.parseBuffer(der).subs
  const [, , inner] = signed?.subs ?? []
  if (!algorithm || !inner || signature?.value[0] !== 0) return false
  return algorithm.toDER().equals(inner.toDER()) && new X509Certificate(der).raw.equals(der)
}

/**
 * The library reads certificates more loosely than others do: what is around the part that its issuer signed could be another,
 * and its issuer's signature would hold.
 * @throws {Refused} where a certificate could be written in another way
 */
export function refuseLoose({ verificationMaterial: { content } }: Bundle): void {
  if (content.$case === 'publicKey') return
  const certificates =
    content.$case === 'certificate' ? [content.certificate] : content.x509CertificateChain.certificates
  try {
    if (certificates.every(({ rawBytes }) => isStrict(Buffer.from(rawBytes)))) return
  } catch {
    // OpenSSL's words are not for people.
  }
  throw new Refused('Its certificate is malformed.')
}
