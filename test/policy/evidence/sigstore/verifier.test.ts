import { describe, expect, it } from 'vitest'
import type { Identity } from '../../../../functions/domain/supply-chain/signer.ts'
import { signatureVerifier } from '../../../../functions/policy/evidence/sigstore/verifier.ts'
import { messageBundle, payloadBundle, signatureBundle, statementBundle } from '../../../../local/signing/bundle.ts'
import {
  CERTIFICATE,
  envelopeLayer,
  REKOR,
  SIGNATURE,
  signedClaim,
  signedPayload,
  signedStatement,
  TIMESTAMP,
} from '../../../../local/signing/cosign.ts'
import { envelope, statement } from '../../../../local/signing/envelope.ts'
import { type Algorithm, newKey } from '../../../../local/signing/keys.ts'
import { byKey, keyless } from '../../../../local/signing/signer.ts'
import { newSigstore } from '../../../../local/signing/sigstore.ts'
import { simpleSigning } from '../../../../local/signing/simple-signing.ts'
import { bytes, DIGEST, identity, KEY, key, MANIFEST, OTHER, outcome, SIGSTORE, SUBJECT } from './vectors.ts'

const ROOT = SIGSTORE.trustedRoot
const SLSA = { digest: DIGEST, predicateType: 'https://slsa.dev/provenance/v1', predicate: { buildDefinition: {} } }
const workflow = await keyless(SIGSTORE, SUBJECT)
const minutes = (count: number): Date => new Date(Date.now() + count * 60_000)

describe('a signature that holds', () => {
  it('is by a key: message and statement, with the signers whose it is', () => {
    const verifier = signatureVerifier([key(newKey().pem, 'other'), key(), key(KEY.pem, 'same')], ROOT)
    return Promise.all(
      [messageBundle(MANIFEST, byKey(KEY)), signatureBundle(DIGEST, byKey(KEY))].map(async (bundle) =>
        expect(verifier.bundle(bytes(await bundle), DIGEST).check).toEqual({
          state: 'verified',
          signers: ['release', 'same'],
          who: expect.stringMatching(/^key SHA256:[0-9a-f]{16}$/),
          how: 'by its key',
          at: undefined,
        }),
      ),
    )
  })

  it('is by a certificate, with the instant that the log vouches for', async () => {
    const verifier = signatureVerifier([key(), identity()], ROOT)
    for (const bundle of [await messageBundle(MANIFEST, workflow), await signatureBundle(DIGEST, workflow)])
      expect(verifier.bundle(bytes(bundle), DIGEST).check).toEqual({
        state: 'verified',
        signers: ['ci'],
        who: SUBJECT.identity,
        how: 'by its certificate, with an entry in the transparency log',
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      })
  })

  it('says which log entry and timestamp stand beside it', async () => {
    const stamped = await signatureBundle(DIGEST, { ...workflow, stamped: true })
    expect(signatureVerifier([identity()], ROOT).bundle(bytes(stamped), DIGEST).check).toMatchObject({
      how: 'by its certificate, with an entry in the transparency log and a timestamp',
    })
    const logged = await messageBundle(MANIFEST, byKey(KEY, SIGSTORE))
    expect(signatureVerifier([key()], ROOT).bundle(bytes(logged), DIGEST).check).toMatchObject({
      how: 'by its key, with an entry in the transparency log',
    })
  })

  it('may be by a workflow that a pattern takes as a whole', async () => {
    const bundle = bytes(await signatureBundle(DIGEST, workflow))
    const asked = (identity: Identity) =>
      outcome(
        signatureVerifier([{ name: 'any', by: 'identity', identity, issuer: SUBJECT.issuer }], ROOT).bundle(
          bundle,
          DIGEST,
        ),
      )
    const expression = 'https://github\\.com/acme/[^/]+/\\.github/workflows/release\\.yml@refs/heads/main'
    expect(asked({ expression })).toBe('any')
    expect(asked({ expression: 'https://github\\.com/acme/' })).toContain('was issued to')
    expect(asked({ pattern: 'https://github.com/acme/*/.github/workflows/release.yml@refs/**' })).toBe('any')
    expect(asked({ pattern: 'https://github.com/acme/*@refs/heads/main' })).toContain('was issued to')
  })

  it.each<[Algorithm, 'sha256' | 'sha384' | 'sha512']>([
    ['P-384', 'sha384'],
    ['P-521', 'sha512'],
    ['RSA-2048', 'sha256'],
    ['RSA-2048', 'sha512'],
    ['Ed25519', 'sha256'],
  ])('is taken of a key of %s with %s', async (algorithm, hash) => {
    const other = newKey(algorithm, hash)
    const bundle = bytes(await signatureBundle(DIGEST, byKey(other)))
    expect(outcome(signatureVerifier([key(other.pem)], ROOT).bundle(bundle, DIGEST))).toBe('release')
  })

  it.each<Algorithm>(['P-256', 'P-384', 'P-521', 'RSA-2048'])(
    'is taken of %s where the digest is known alone',
    async (algorithm) => {
      const other = newKey(algorithm)
      const bundle = bytes(await messageBundle(MANIFEST, byKey(other)))
      expect(outcome(signatureVerifier([key(other.pem)], ROOT).bundle(bundle, DIGEST))).toBe('release')
    },
  )

  it('is taken of Ed25519 where the bytes are known, and refused with the reason where they are not', async () => {
    const other = newKey('Ed25519')
    const bundle = bytes(await messageBundle(MANIFEST, byKey(other)))
    const verifier = signatureVerifier([key(other.pem)], ROOT)
    expect(outcome(verifier.artifact(bundle, { digest: DIGEST, bytes: MANIFEST }))).toBe('release')
    expect(outcome(verifier.bundle(bundle, DIGEST))).toBe(
      'A key of Ed25519 signs the bytes themselves: its signature cannot be verified by a digest alone.',
    )
  })

  it('brings what was signed along: annotations, name, type and predicate', async () => {
    const verifier = signatureVerifier([key()], ROOT)
    const claim = await signedClaim(
      { digest: DIGEST, reference: 'registry.example/web', annotations: { env: 'prod' } },
      byKey(KEY),
    )
    expect(verifier.simpleSigning(claim.bytes, claim.annotations, DIGEST)).toMatchObject({
      annotations: { env: 'prod' },
      reference: 'registry.example/web',
    })
    const signature = await signatureBundle(DIGEST, byKey(KEY), { env: 'prod' })
    expect(verifier.bundle(bytes(signature), DIGEST)).toMatchObject({
      annotations: { env: 'prod' },
      predicateType: 'https://sigstore.dev/cosign/sign/v1',
    })
    const { check: _, ...said } = verifier.bundle(bytes(await statementBundle(SLSA, byKey(KEY))), DIGEST)
    expect(said).toEqual({
      ...{ annotations: {}, predicateType: SLSA.predicateType, predicate: SLSA.predicate },
      statement: statement(SLSA),
    })
  })
})

describe("cosign's old form", () => {
  const verifier = signatureVerifier([key(), identity()], ROOT)

  it('holds by a key, with a log entry and without', async () => {
    for (const signer of [byKey(KEY), byKey(KEY, SIGSTORE)]) {
      const claim = await signedClaim({ digest: DIGEST }, signer)
      expect(outcome(verifier.simpleSigning(claim.bytes, claim.annotations, DIGEST))).toBe('release')
      const said = await signedStatement(SLSA, signer)
      expect(outcome(verifier.envelope(said.bytes, said.annotations, DIGEST))).toBe('release')
    }
  })

  it('holds by a certificate, its log entry and its timestamp', async () => {
    const signer = { ...workflow, stamped: true }
    const claim = await signedClaim({ digest: DIGEST }, signer)
    expect(verifier.simpleSigning(claim.bytes, claim.annotations, DIGEST).check).toMatchObject({
      signers: ['ci'],
      who: SUBJECT.identity,
      how: 'by its certificate, with an entry in the transparency log and a timestamp',
    })
    const said = await signedStatement(SLSA, signer)
    expect(verifier.envelope(said.bytes, said.annotations, DIGEST)).toMatchObject({
      check: { signers: ['ci'] },
      predicateType: SLSA.predicateType,
    })
  })

  it.each<[string, Record<string, string | undefined>, string]>([
    ['no signature', { [SIGNATURE]: undefined }, 'There is no signature beside what it says.'],
    ['no log entry', { [REKOR]: undefined, [TIMESTAMP]: undefined }, 'Nobody vouches for when it was signed.'],
    ['a timestamp and no log entry', { [REKOR]: undefined }, 'It has no entry in a transparency log.'],
    ['a certificate that is none', { [CERTIFICATE]: 'none' }, 'Its certificate is malformed.'],
    [
      'an empty certificate',
      { [CERTIFICATE]: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      'Its certificate is malformed.',
    ],
    ['a log entry that is no JSON', { [REKOR]: '{' }, 'It is not JSON.'],
    ['a log entry that is no object', { [REKOR]: '[]' }, 'Its transparency log entry is malformed.'],
    ['a log entry without a body', { [REKOR]: '{"Payload":{}}' }, 'Its transparency log entry is malformed.'],
    ['a log entry without its payload', { [REKOR]: '{}' }, 'Its transparency log entry is malformed.'],
    ['a timestamp that is none', { [TIMESTAMP]: '{"SignedRFC3161Timestamp":"AAAA"}' }, 'It is malformed.'],
  ])('is refused with %s', async (_, changed, why) => {
    const claim = await signedClaim({ digest: DIGEST }, { ...workflow, stamped: true })
    const annotations = Object.fromEntries(
      Object.entries({ ...claim.annotations, ...changed }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    )
    expect(outcome(verifier.simpleSigning(claim.bytes, annotations, DIGEST))).toBe(why)
  })

  it('is refused where its payload is another, is not of cosign, or is of another manifest', async () => {
    const { bytes: payload, annotations } = await signedClaim({ digest: DIGEST }, byKey(KEY))
    const swapped = simpleSigning({ digest: OTHER })
    expect(outcome(verifier.simpleSigning(payload, annotations, OTHER))).toBe('It is a signature of another manifest.')
    expect(outcome(verifier.simpleSigning(swapped, annotations, OTHER))).toBe(
      'The signature is by another key, or what it signs was changed.',
    )
    for (const other of [
      '{}',
      '[]',
      '{"critical":{"type":"atomic container signature"}}',
      `{"critical":{"type":"cosign container image signature","image":1}}`,
    ]) {
      const signed = await signedPayload(Buffer.from(other), byKey(KEY))
      expect(outcome(verifier.simpleSigning(signed.bytes, signed.annotations, DIGEST))).toBe(
        'What it signs is no claim as cosign makes it.',
      )
    }
  })

  it('is refused where an envelope is signed by nobody, or by several', async () => {
    const signed = envelope(statement(SLSA), KEY.sign)
    for (const [signatures, why] of [
      [[], 'see content.dsseEnvelope.signatures'],
      [[...signed.signatures, ...signed.signatures], 'see content.dsseEnvelope.signatures'],
    ] as const) {
      const layer = await envelopeLayer({ ...signed, signatures }, byKey(KEY))
      expect(outcome(verifier.envelope(layer.bytes, layer.annotations, DIGEST))).toContain(why)
    }
  })
})

describe('a signature that is refused', () => {
  const verifier = signatureVerifier([key(), identity()], ROOT)
  const refused = async (bundle: Promise<object> | object, subject = DIGEST, by = verifier) =>
    outcome(by.bundle(bytes(await bundle), subject))

  it('is by another key, or by a key where a certificate is asked for', async () => {
    expect(await refused(messageBundle(MANIFEST, byKey()))).toBe(
      'The signature is by another key, or what it signs was changed.',
    )
    expect(await refused(messageBundle(MANIFEST, byKey(KEY)), DIGEST, signatureVerifier([identity()], ROOT))).toBe(
      'It is signed by a key, not by a certificate.',
    )
    expect(await refused(messageBundle(MANIFEST, workflow), DIGEST, signatureVerifier([key()], ROOT))).toBe(
      'It is signed by a certificate, not by a key.',
    )
  })

  it('was issued to somebody else, or confirmed by somebody else', async () => {
    const bundle = await messageBundle(MANIFEST, workflow)
    const others = [identity('https://github.com/acme/web'), identity('team@acme.example')]
    expect(await refused(bundle, DIGEST, signatureVerifier(others, ROOT))).toBe(
      `The certificate was issued to ${SUBJECT.identity}, not to https://github.com/acme/web or team@acme.example.`,
    )
    expect(
      await refused(bundle, DIGEST, signatureVerifier([identity(SUBJECT.identity, 'https://gitlab.com')], ROOT)),
    ).toBe(`The identity ${SUBJECT.identity} was confirmed by ${SUBJECT.issuer}, not by https://gitlab.com.`)
  })

  it('was copied from another manifest', async () => {
    expect(await refused(messageBundle(MANIFEST, byKey(KEY)), OTHER)).toBe('It is a signature of something else.')
    expect(await refused(signatureBundle(DIGEST, byKey(KEY)), OTHER)).toBe('It is a statement about something else.')
  })

  it('is by a root that is not trusted', async () => {
    const other = await newSigstore()
    expect(await refused(messageBundle(MANIFEST, await keyless(other, SUBJECT)))).toBe(
      'Its certificate was not issued by a trusted authority.',
    )
    expect(await refused(messageBundle(MANIFEST, byKey(KEY, other)))).toBe(
      'Its transparency log entry is not signed by a trusted log.',
    )
    expect(await refused(messageBundle(MANIFEST, { ...byKey(KEY, other), stamped: true, unlogged: true }))).toBe(
      'Its timestamp is of no trusted authority, or of something else.',
    )
  })

  it('has a certificate that was not valid when it was signed', async () => {
    const late = await newSigstore({ logged: minutes(30) })
    const [once, at] = [await keyless(late, SUBJECT), signatureVerifier([identity()], late.trustedRoot)]
    expect(await refused(messageBundle(MANIFEST, once), DIGEST, at)).toBe(
      'Its certificate was not valid when it was signed.',
    )
  })

  it('has nobody who vouches for its time, or no log entry', async () => {
    expect(await refused(messageBundle(MANIFEST, { ...workflow, unlogged: true }))).toBe(
      'Nobody vouches for when it was signed.',
    )
    expect(await refused(messageBundle(MANIFEST, { ...workflow, unlogged: true, stamped: true }))).toBe(
      'It has no entry in a transparency log.',
    )
  })

  it('has a time that nobody signed: the place of an entry in a log is no time', async () => {
    const bundle = (await messageBundle(MANIFEST, workflow)) as { verificationMaterial: { tlogEntries: object[] } }
    const [entry] = bundle.verificationMaterial.tlogEntries
    const { verificationMaterial } = bundle
    const unpromised = { ...entry, inclusionPromise: undefined }
    expect(
      await refused({ ...bundle, verificationMaterial: { ...verificationMaterial, tlogEntries: [unpromised] } }),
    ).toBe('Nobody vouches for when it was signed.')
  })

  it('has the log entry of another signature', async () => {
    const [one, other] = await Promise.all([messageBundle(MANIFEST, workflow), messageBundle(MANIFEST, workflow)])
    const { verificationMaterial } = other as { verificationMaterial: { tlogEntries: object[] } }
    const mixed = {
      ...one,
      verificationMaterial: {
        ...(one as typeof other & { verificationMaterial: object }).verificationMaterial,
        tlogEntries: verificationMaterial.tlogEntries,
      },
    }
    expect(await refused(mixed)).toBe('Its transparency log entry is about something else.')
  })

  it.each<[string, Parameters<typeof newKey>, string]>([
    ['a short RSA key', ['RSA-1024'], 'Its key is RSA of 1024 bits: fewer than 2048 are too weak.'],
    ['a curve of blockchains', ['secp256k1'], 'Its key is of the curve secp256k1, which is not taken.'],
    ['SHA-1', ['P-256', 'sha1'], 'The signature is by another key, or what it signs was changed.'],
  ])('is by %s', async (_, made, why) => {
    const weak = newKey(...made)
    expect(await refused(signatureBundle(DIGEST, byKey(weak)), DIGEST, signatureVerifier([key(weak.pem)], ROOT))).toBe(
      why,
    )
  })

  it('is asked of a key that is none', async () => {
    for (const pem of ['', 'ssh-rsa AAAA', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'])
      expect(await refused(signatureBundle(DIGEST, byKey(KEY)), DIGEST, signatureVerifier([key(pem)], ROOT))).toBe(
        'The key is no public key in PEM.',
      )
  })

  it('is over no statement', async () => {
    const other = 'application/vnd.example'
    expect(await refused(payloadBundle(statement(SLSA), byKey(KEY), other))).toBe(
      'What it signs is no in-toto statement.',
    )
    for (const [payload, why] of [
      ['[]', 'What it signs is no in-toto statement.'],
      ['{"_type":"https://in-toto.io/Link/v1"}', 'What it signs is no in-toto statement.'],
      ['{"_type":"https://in-toto.io/Statement/v1","subject":{}}', 'It is a statement about something else.'],
      [
        `{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"${DIGEST.slice(7)}"}}]}`,
        'Its statement does not say of which type it is.',
      ],
    ] as const)
      expect(await refused(payloadBundle(Buffer.from(payload), byKey(KEY)))).toBe(why)
  })

  it('keeps its type though it is refused', async () => {
    expect(verifier.bundle(bytes(await statementBundle(SLSA, byKey())), DIGEST)).toEqual({
      check: { state: 'refused', why: 'The signature is by another key, or what it signs was changed.' },
      annotations: {},
      predicateType: SLSA.predicateType,
    })
  })
})

it('needs a root that says since when its parts count', () => {
  const { tlogs, ...rest } = ROOT as { tlogs: { publicKey: object }[] }
  const sinceEver = { ...rest, tlogs: tlogs.map((log) => ({ ...log, publicKey: { ...log.publicKey, validFor: {} } })) }
  for (const root of [sinceEver, {}, { tlogs: [{}] }, null])
    expect(() => signatureVerifier([], root)).toThrow('The trusted root is malformed: ')
})
