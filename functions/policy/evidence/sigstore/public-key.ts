import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { Refused } from './refused.ts'

/** Elliptic curves that sign, as Node names them. */
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1']
/** Bits. @see https://doi.org/10.6028/NIST.SP.800-131Ar2 */
const RSA_LEAST = 2048

/** @throws {Refused} where a signature of such a key is not to be relied upon */
export function refuseWeak({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): void {
  if (asymmetricKeyType === 'ed25519') return
  if (asymmetricKeyType === 'ec') {
    const curve = asymmetricKeyDetails?.namedCurve ?? 'unknown'
    if (!CURVES.includes(curve)) throw new Refused(`Its key is of the curve ${curve}, which is not taken.`)
    return
  }
  if (asymmetricKeyType !== 'rsa') throw new Refused(`Its key is of the kind ${asymmetricKeyType}, which is not taken.`)
  const bits = asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < RSA_LEAST) throw new Refused(`Its key is RSA of ${bits} bits: fewer than ${RSA_LEAST} are too weak.`)
}

/** @param pem SPKI, as `cosign.pub` has it @throws {Refused} where it is none, or too weak */
export function publicKeyOf(pem: string): KeyObject {
  const key = parsed(pem)
  refuseWeak(key)
  return key
}

function parsed(pem: string): KeyObject {
  try {
    if (/^\s*-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem)) return createPublicKey(pem)
  } catch {
    // Node's own words quote nothing that helps.
  }
  throw new Refused('The key is no public key in PEM.')
}

const fingerprint = (key: KeyObject): string =>
  `SHA256:${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)}`

/** Short fingerprint of a public key: `SHA256:3f1c…`, 16 hexadecimal digits. @throws {Refused} where it is none, or too weak */
export const keyId = (pem: string): string => fingerprint(publicKeyOf(pem))
