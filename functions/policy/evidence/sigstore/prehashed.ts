import { constants, type KeyObject, publicDecrypt } from 'node:crypto'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { Refused } from './refused.ts'

/** By the names that Node has for them. Node itself verifies over a message alone, and hashes it: hence the library. */
const CURVES = { prime256v1: p256, secp384r1: p384, secp521r1: p521 }

/** The point alone, as it stands at the end of SPKI. */
function pointOf(key: KeyObject, length: number): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(-length)
}

function ecdsa(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve as keyof typeof CURVES]
  if (!curve) return false
  const point = pointOf(key, curve.lengths.publicKeyUncompressed ?? 0)
  return curve.verify(signature, digest, point, { prehash: false, format: 'der', lowS: false })
}

/** What stands before a SHA-256 in a signature. @see https://datatracker.ietf.org/doc/html/rfc8017#section-9.2 */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex')

/**
 * Whether a key signed the bytes that have a SHA-256: of a manifest no more than its digest may be known.
 * @throws {Refused} where the kind of key signs the bytes themselves
 */
export function signedDigest(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  if (key.asymmetricKeyType === 'ed25519')
    throw new Refused(
      'A key of Ed25519 signs the bytes themselves: its signature cannot be verified by a digest alone.',
    )
  try {
    if (key.asymmetricKeyType === 'ec') return ecdsa(key, digest, signature)
    const info = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature)
    return info.equals(Buffer.concat([SHA256_INFO, digest]))
  } catch {
    return false
  }
}
