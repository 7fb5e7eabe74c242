import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verified } from '../../../../functions/policy/evidence/ports.ts'
import { signatureVerifier } from '../../../../functions/policy/evidence/sigstore/verifier.ts'
import { messageBundle, payloadBundle, signatureBundle } from '../../../../local/signing/bundle.ts'
import { REKOR, SIGNATURE, signedClaim } from '../../../../local/signing/cosign.ts'
import { byKey, keyless } from '../../../../local/signing/signer.ts'
import { bytes, DIGEST, identity, KEY, key, MANIFEST, outcome, SIGSTORE, SUBJECT } from './vectors.ts'

const verifier = signatureVerifier([key(), identity()], SIGSTORE.trustedRoot)
const workflow = await keyless(SIGSTORE, SUBJECT)

const BUNDLES = {
  messageByKey: await messageBundle(MANIFEST, byKey(KEY)),
  statementByKey: await signatureBundle(DIGEST, byKey(KEY)),
  message: await messageBundle(MANIFEST, workflow),
  statement: await signatureBundle(DIGEST, workflow),
}

type Path = readonly (string | number)[]
const at = (json: unknown, path: Path): unknown =>
  path.reduce((value, step) => (value as Record<string | number, unknown>)[step], json)

function changed(json: object, path: Path, value: unknown): object {
  const copy = structuredClone(json)
  const parent = at(copy, path.slice(0, -1)) as Record<string | number, unknown>
  parent[path.at(-1) as string] = value
  return copy
}

/** One bit of what stands there in base64. */
function flipped(base64: string, index: number, bit: number): string {
  const data = Buffer.from(base64, 'base64')
  const place = index % data.length
  data[place] = (data[place] as number) ^ (1 << bit)
  return data.toString('base64')
}

const ENTRY = ['verificationMaterial', 'tlogEntries', 0] as const
const CERTIFICATE: Path = ['verificationMaterial', 'certificate', 'rawBytes']
const LOGGED: readonly Path[] = [
  [...ENTRY, 'canonicalizedBody'],
  [...ENTRY, 'inclusionPromise', 'signedEntryTimestamp'],
  [...ENTRY, 'logId', 'keyId'],
]
const MESSAGE: readonly Path[] = [
  ['messageSignature', 'signature'],
  ['messageSignature', 'messageDigest', 'digest'],
]
const ENVELOPE: readonly Path[] = [
  ['dsseEnvelope', 'payload'],
  ['dsseEnvelope', 'signatures', 0, 'sig'],
]

describe('any flipped bit is refused', () => {
  const flip = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 }), fc.nat())

  it.each([
    ['a signature by a key', BUNDLES.messageByKey, MESSAGE],
    ['a statement by a key', BUNDLES.statementByKey, ENVELOPE],
    ['a signature by a certificate', BUNDLES.message, [...MESSAGE, ...LOGGED, CERTIFICATE]],
    ['a statement by a certificate', BUNDLES.statement, [...ENVELOPE, ...LOGGED, CERTIFICATE]],
  ])('of %s', (_, bundle, paths) => {
    expect(verifier.bundle(bytes(bundle), DIGEST).check.state).toBe('verified')
    fc.assert(
      fc.property(flip, ([index, bit, which]) => {
        const path = paths[which % paths.length] as Path
        const forged = changed(bundle, path, flipped(at(bundle, path) as string, index, bit))
        expect(verifier.bundle(bytes(forged), DIGEST).check.state).toBe('refused')
      }),
      { numRuns: 60 },
    )
  })

  it("of a signature in cosign's old form", async () => {
    const { bytes: payload, annotations } = await signedClaim({ digest: DIGEST }, workflow)
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 7 }), fc.boolean(), (index, bit, ofPayload) => {
        const said = ofPayload ? Buffer.from(flipped(payload.toString('base64'), index, bit), 'base64') : payload
        const beside = ofPayload
          ? annotations
          : { ...annotations, [SIGNATURE]: flipped(annotations[SIGNATURE] ?? '', index, bit) }
        expect(verifier.simpleSigning(said, beside, DIGEST).check.state).toBe('refused')
      }),
      { numRuns: 50 },
    )
  })
})

describe('what is made to hurt', () => {
  it.each<[string, string, string]>([
    ['nothing', '', 'It is not JSON.'],
    ['no JSON', '{"a":', 'It is not JSON.'],
    ['a text that never ends', '{"a', 'It is not JSON.'],
    ['no bundle', '5', 'see its beginning'],
    ['another version', '{"mediaType":"application/vnd.dev.sigstore.bundle.v9.9+json"}', 'see mediaType'],
    ['deep lists', '['.repeat(100_000), 'nested more than 64 deep'],
    ['deep objects', '{"a":'.repeat(100_000), 'nested more than 64 deep'],
    ['many values', `[${'0,'.repeat(200_000)}0]`, 'more than 100000 values'],
    ['a field twice', '{"mediaType":"a","mediaType":"b"}', 'It says something twice'],
    ['a field twice, once escaped', '{"mediaType":"a","media\\u0054ype" :"b"}', 'It says something twice'],
  ])('is refused: %s', (_, text, why) => {
    expect(outcome(verifier.bundle(Buffer.from(text), DIGEST))).toContain(why)
    expect(outcome(verifier.envelope(Buffer.from(text), {}, DIGEST))).not.toBe('')
    expect(outcome(verifier.simpleSigning(Buffer.from(text), {}, DIGEST))).not.toBe('')
  })

  it('is refused where it is not UTF-8', () => {
    expect(outcome(verifier.bundle(Buffer.from([0x22, 0xff, 0x22]), DIGEST))).toBe('It is not JSON.')
  })

  it('is refused in what is signed, too', async () => {
    const deep = Buffer.from(`{"_type":${'['.repeat(1_000)}`)
    expect(outcome(verifier.bundle(bytes(await payloadBundle(deep, byKey(KEY))), DIGEST))).toContain(
      'nested more than 128 deep',
    )
  })

  it.each<[string, Path, unknown]>([
    ['a length in place of bytes, of which a buffer would be made', CERTIFICATE, { length: 4e9 }],
    ['a certificate that is none', CERTIFICATE, Buffer.from('none').toString('base64')],
    ['a certificate of nested headers', CERTIFICATE, Buffer.alloc(40_000, '3080', 'hex').toString('base64')],
    ['a certificate that is too long', CERTIFICATE, 'A'.repeat(1_000_000)],
    ['a log index below zero', [...ENTRY, 'logIndex'], '-1'],
    ['an endless number', [...ENTRY, 'inclusionProof', 'treeSize'], '9'.repeat(1_000)],
    ['a proof that goes on and on', [...ENTRY, 'inclusionProof', 'hashes'], Array(1_000).fill('AAAA')],
    [
      'a log that is named by a pattern',
      [...ENTRY, 'inclusionProof', 'checkpoint', 'envelope'],
      'log\n1\nAAAA\n\n\u2014 (.*.*)*$ AAAAAAAA\n',
    ],
    ['a checkpoint without a signature', [...ENTRY, 'inclusionProof', 'checkpoint', 'envelope'], 'log\n1\nAAAA\n'],
    ['no log at all', [...ENTRY, 'logId'], null],
    ['many entries', ['verificationMaterial', 'tlogEntries'], Array(1_000).fill({})],
    [
      'a timestamp that is none',
      ['verificationMaterial', 'timestampVerificationData'],
      { rfc3161Timestamps: [{ signedTimestamp: 'AAAA' }] },
    ],
    ['a hash that nobody knows', ['messageSignature', 'messageDigest', 'algorithm'], 'SHA3_256'],
    ['a hash by which nothing can be compared', ['messageSignature', 'messageDigest', 'algorithm'], 'SHA2_512'],
    ['no key and no certificate', ['verificationMaterial'], {}],
    ['a key beside its certificate', ['verificationMaterial', 'publicKey'], { hint: 'release' }],
    [
      'an envelope beside its signature',
      ['dsseEnvelope'],
      (BUNDLES.statement as { dsseEnvelope: object }).dsseEnvelope,
    ],
  ])('is refused: %s', (_, path, value) => {
    expect(verifier.bundle(bytes(changed(BUNDLES.message, path, value)), DIGEST).check.state).toBe('refused')
  })

  it('never throws, whatever stands in an annotation', async () => {
    const { bytes: payload, annotations } = await signedClaim({ digest: DIGEST }, workflow)
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(annotations)),
        fc.oneof(fc.string(), fc.json(), fc.constant(annotations[REKOR] ?? '')),
        (name, value) => {
          fc.pre(annotations[name] !== value && !name.endsWith('/chain'))
          const { check }: Verified = verifier.simpleSigning(payload, { ...annotations, [name]: value }, DIGEST)
          expect(check.state).toBe('refused')
        },
      ),
      { numRuns: 80 },
    )
  })
})
