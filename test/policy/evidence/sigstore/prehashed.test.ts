import { createHash, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signedDigest } from '../../../../functions/policy/evidence/sigstore/prehashed.ts'
import { type Algorithm, newKey } from '../../../../local/signing/keys.ts'

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

describe.each<Algorithm>(['P-256', 'P-384', 'P-521', 'RSA-2048'])(
  'a signature of %s, by a digest alone',
  (algorithm) => {
    const [one, other] = [newKey(algorithm), newKey(algorithm)]

    it('holds exactly where Node says so of the bytes', () => {
      fc.assert(
        fc.property(fc.uint8Array(), fc.option(fc.nat()), fc.boolean(), (message, flip, ofOther) => {
          const signature = (ofOther ? other : one).sign(Buffer.from(message))
          if (flip !== null) signature[flip % signature.length] = (signature[flip % signature.length] as number) ^ 1
          const expected = verify('sha256', message, one.publicKey, signature)
          expect(signedDigest(one.publicKey, sha256(message), signature)).toBe(expected)
          expect(expected).toBe(!ofOther && flip === null)
        }),
        { numRuns: 30 },
      )
    })

    it.each<[string, Buffer]>([
      ['nothing', Buffer.alloc(0)],
      ['zeros', Buffer.from('3006020100020100', 'hex')],
      [
        'the order of the curve',
        Buffer.from('3026022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551020101', 'hex'),
      ],
      ['a negative number', Buffer.from('30060201ff020101', 'hex')],
      ['no numbers', Buffer.from('3000', 'hex')],
    ])('does not hold where it is %s', (_, signature) => {
      expect(signedDigest(one.publicKey, sha256(Buffer.from('x')), signature)).toBe(false)
    })
  },
)

it('is of a curve that is known', () => {
  const other = newKey('secp256k1')
  expect(signedDigest(other.publicKey, sha256(Buffer.from('x')), other.sign(Buffer.from('x')))).toBe(false)
})
