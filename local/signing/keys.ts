import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A key made in memory, for this run alone: it is written nowhere. */
export type SigningKey = {
  /** Public half: SPKI as PEM, as `cosign.pub` has it. */
  readonly pem: string
  /** Public half: SPKI as DER. */
  readonly der: Buffer
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
  /** Signature over bytes: ECDSA as DER, RSA PKCS #1 v1.5, Ed25519. */
  sign(data: Buffer): Buffer
}

const MAKERS = {
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  secp256k1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  'RSA-1024': () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  'RSA-2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  Ed25519: () => generateKeyPairSync('ed25519'),
} as const

export type Algorithm = keyof typeof MAKERS

/** @param hash of what is signed; Ed25519 has its own. `sha1` makes what must be refused */
export function newKey(
  algorithm: Algorithm = 'P-256',
  hash: 'sha1' | 'sha256' | 'sha384' | 'sha512' = 'sha256',
): SigningKey {
  const { publicKey, privateKey } = MAKERS[algorithm]()
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    der: publicKey.export({ type: 'spki', format: 'der' }),
    publicKey,
    privateKey,
    sign: (data) => sign(algorithm === 'Ed25519' ? null : hash, data, privateKey),
  }
}

/** SHA-256 of bytes, as hexadecimal digits. */
export const sha256Hex = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Digest of bytes, as registries write it. */
export const digestOf = (bytes: Buffer): string => `sha256:${sha256Hex(bytes)}`
