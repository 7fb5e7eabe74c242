import { constants, createECDH, createHash, createPublicKey, type KeyObject, publicDecrypt, verify } from 'node:crypto'
import { ASN1Obj } from '@sigstore/core'
import { Refused } from './refused.ts'

/** Field and order of a curve, and how many bytes a number of it has. @see https://doi.org/10.6028/NIST.SP.800-186 */
type Curve = { readonly jwk: string; readonly p: bigint; readonly n: bigint; readonly bytes: number }

const CURVES: Readonly<Record<string, Curve>> = {
  prime256v1: {
    jwk: 'P-256',
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    bytes: 32,
  },
  secp384r1: {
    jwk: 'P-384',
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    bytes: 48,
  },
  secp521r1: {
    jwk: 'P-521',
    p: 2n ** 521n - 1n,
    n: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    bytes: 66,
  },
}

const mod = (value: bigint, by: bigint): bigint => ((value % by) + by) % by

/** Of a number that is not 0, by a prime: Euclid's algorithm. */
function inverse(value: bigint, prime: bigint): bigint {
  let [a, b, x, y] = [mod(value, prime), prime, 1n, 0n]
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return mod(x, prime)
}

const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)
const bytesOf = (value: bigint, length: number): Buffer<ArrayBuffer> =>
  Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex')

type Point = { readonly x: bigint; readonly y: bigint }

function pointOf(key: KeyObject): Point {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return { x: number(Buffer.from(x, 'base64url')), y: number(Buffer.from(y, 'base64url')) }
}

/** A multiple of the curve's generator. */
function multiple(name: string, { bytes }: Curve, factor: bigint): Point {
  const ecdh = createECDH(name)
  ecdh.setPrivateKey(bytesOf(factor, bytes))
  const point = ecdh.getPublicKey()
  return { x: number(point.subarray(1, 1 + bytes)), y: number(point.subarray(1 + bytes)) }
}

function keyAt({ x, y }: Point, { jwk, bytes }: Curve): KeyObject {
  const [encodedX, encodedY] = [x, y].map((value) => bytesOf(value, bytes).toString('base64url'))
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: jwk, x: encodedX, y: encodedY } })
}

/** Any message that is known. */
const KNOWN = Buffer.from('')
const KNOWN_HASH = number(createHash('sha256').update(KNOWN).digest())

/**
 * Node verifies over a message alone, and hashes it itself. (r, s) holds for a hash h and a key Q exactly where it holds for
 * another hash k and the key Q + (h − k)/r·G, since both come to the point h/s·G + r/s·Q. So the one for a known message is
 * asked for: what remains to do here is one addition of points. Whoever makes them fall together knows the private key.
 */
function ecdsa(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const name = key.asymmetricKeyDetails?.namedCurve ?? ''
  const curve = CURVES[name]
  if (!curve) return false
  const { p, n } = curve
  const r = mod(ASN1Obj.parseBuffer(Buffer.from(signature)).subs[0]?.toInteger() ?? 0n, n)
  if (r === 0n) return false
  const factor = mod((number(digest) - KNOWN_HASH) * inverse(r, n), n)
  if (factor === 0n) return verify('sha256', KNOWN, key, signature)
  const [one, other] = [pointOf(key), multiple(name, curve, factor)]
  if (one.x === other.x) return false
  const slope = mod((other.y - one.y) * inverse(other.x - one.x, p), p)
  const x = mod(slope * slope - one.x - other.x, p)
  const sum = { x, y: mod(slope * (one.x - x) - one.y, p) }
  return verify('sha256', KNOWN, keyAt(sum, curve), signature)
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
