import { createPublicKey, type KeyObject } from 'node:crypto'

/** A public key as PEM (SPKI), or what is wrong with the text in words. */
export type PublicKey = { readonly pem: string } | { readonly problem: string }

const PRIVATE =
  'holds a PRIVATE key: whoever reads it can sign as you. Take it out of the repository and of its history, make a new one where it was ever pushed, and name the public half: cosign public-key --key FILE, or openssl pkey -in FILE -pubout'

const CERTIFICATE = 'holds a certificate, expected a public key: openssl x509 -in FILE -noout -pubkey writes it'

const NO_KEY =
  'holds no public key in PEM, expected one text from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----'

const LEAST_BITS = 2048
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1']

/** Why signatures by a key are not believed, or cannot be verified. */
function weakness({ asymmetricKeyType: type, asymmetricKeyDetails: details = {} }: KeyObject): string | undefined {
  if (type === 'ed25519') return undefined
  if (type === 'ec' && CURVES.includes(details.namedCurve ?? '')) return undefined
  if (type === 'rsa' && (details.modulusLength ?? 0) >= LEAST_BITS) return undefined
  const found = [type, details.namedCurve, details.modulusLength && `of ${details.modulusLength} bits`]
  return `is a key ${found.filter(Boolean).join(' ')}, expected ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of at least ${LEAST_BITS} bits`
}

function decoded(pem: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: pem, format: 'pem', type: 'spki' })
  } catch {
    return undefined
  }
}

/** Reads what a file of `signers` holds; of a private key it says so, and repeats nothing. */
export function publicKey(text: string): PublicKey {
  if (/PRIVATE KEY/.test(text)) return { problem: PRIVATE }
  const blocks = text.match(/-----BEGIN [^-]+-----/g) ?? []
  if (blocks.some((block) => block.includes('CERTIFICATE'))) return { problem: CERTIFICATE }
  if (blocks.length > 1) return { problem: `holds ${blocks.length} keys, expected one: make it a signer each` }
  const key = blocks.length === 0 ? undefined : decoded(text)
  if (!key) return { problem: NO_KEY }
  const problem = weakness(key)
  return problem === undefined ? { pem: String(key.export({ type: 'spki', format: 'pem' })) } : { problem }
}
