import { createHash, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import type { Envelope, MessageSignature } from '@sigstore/bundle'
import { dsse } from '@sigstore/core'
import type { SignedEntity } from '@sigstore/verify'
import { signedDigest } from './prehashed.ts'
import { refuseWeak } from './public-key.ts'
import { Refused } from './refused.ts'

/** What is signed: a manifest, of which the digest is known alone, or a file. */
export type Artifact = {
  /** `sha256:…`. */
  readonly digest: string
  readonly bytes?: Buffer | undefined
}

/** What the library asks of a signature. */
export type Content = SignedEntity['signature']

/** Hashes of signatures: which one, the key does not say. SHA-1 is none of them. */
const HASHES = ['sha256', 'sha384', 'sha512']
/** As the messages of Sigstore number them. @see https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_common.proto */
const HASH_NAMES: Readonly<Record<number, string>> = { 0: 'sha256', 1: 'sha256', 2: 'sha384', 3: 'sha512' }

const equal = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other)

function signedBytes(key: KeyObject, bytes: Buffer, signature: Buffer): boolean {
  const hashes = key.asymmetricKeyType === 'ed25519' ? [null] : HASHES
  return hashes.some((hash) => verify(hash, bytes, key, signature))
}

/** Digest of an artifact by any hash, as far as it can be known. Hexadecimal. */
export function hashOf({ digest, bytes }: Artifact, hash: string): string | undefined {
  if (hash === 'sha256') return digest.slice('sha256:'.length)
  return bytes && HASHES.includes(hash) ? createHash(hash).update(bytes).digest('hex') : undefined
}

/** @throws {Refused} where it is over something else */
export function messageContent({ messageDigest, signature }: MessageSignature, artifact: Artifact): Content {
  const hash = HASH_NAMES[messageDigest?.algorithm ?? 0]
  const expected = hash && hashOf(artifact, hash)
  if (!messageDigest || !expected) throw new Refused('Its digest is of a hash by which it cannot be compared.')
  if (messageDigest.digest.toString('hex') !== expected) throw new Refused('It is a signature of something else.')
  return {
    signature,
    compareSignature: (other) => equal(other, signature),
    compareDigest: (other) => equal(other, messageDigest.digest),
    verifySignature: (key) => {
      refuseWeak(key)
      if (artifact.bytes) return signedBytes(key, artifact.bytes, signature)
      return signedDigest(key, messageDigest.digest, signature)
    },
  }
}

/** @throws {Refused} where it is not signed once */
export function envelopeContent({ payload, payloadType, signatures }: Envelope): Content {
  const [first, ...more] = signatures
  if (!first || more.length > 0) throw new Refused(`It has ${signatures.length} signatures where one is expected.`)
  const signed = dsse.preAuthEncoding(payloadType, payload)
  // Logs note the digest of the payload; Rekor 2 that of all that is signed.
  const digests = [payload, signed].map((bytes) => createHash('sha256').update(bytes).digest())
  return {
    signature: first.sig,
    compareSignature: (other) => equal(other, first.sig),
    compareDigest: (other) => digests.some((digest) => equal(other, digest)),
    verifySignature: (key) => {
      refuseWeak(key)
      return signedBytes(key, signed, first.sig)
    },
  }
}
