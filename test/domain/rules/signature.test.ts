import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signature } from '../../../functions/domain/rules/signature.ts'
import type { ManifestEvidence, Signature } from '../../../functions/domain/supply-chain/attached.ts'
import { DIGEST } from '../../builders.ts'
import { evidence, refused, signed, unchecked, verified } from './evidence.ts'
import { detail, judge } from './facts.ts'

const HOST = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com'
const ci = signed(verified('ci'))
const release = signed(verified('release'))
const dev = signed(verified('dev'))

const old = detail({ pushedAt: '2026-11-20T08:30:00Z' })
const young = detail({ pushedAt: '2026-11-20T08:30:01Z' })

const judgeAll = (manifests: readonly Partial<ManifestEvidence>[], parameters: Record<string, unknown> = {}) =>
  judge(
    signature,
    { evidence: evidence(...manifests), detail: old },
    { parameters: { signedBy: ['ci', 'release'], ...parameters } },
  )

const judgeThose = (signatures: readonly Signature[], parameters: Record<string, unknown> = {}) =>
  judgeAll([{ signatures }], parameters)

describe('signature', () => {
  test.each<[string, readonly Signature[], string, string]>([
    ['one that counts', [ci], 'pass', 'It has a signature by ci.'],
    [
      'one that counts among others',
      [refused(), unchecked()].map((one) => signed(one)).concat(dev, release),
      'pass',
      'It has a signature by release.',
    ],
    ['none', [], 'fail', 'It has no signature, and needs one by ci or release.'],
    ['those of others', [dev, dev], 'fail', '2 signatures are there, none by ci or release: 2 × by dev.'],
    [
      'one by a key that nobody names',
      [signed(verified())],
      'fail',
      '1 signature is there, none by ci or release: by key SHA256:of nobody.',
    ],
    [
      'one that is refused',
      [signed(refused())],
      'fail',
      '1 signature is there, none by ci or release: refused, its signature does not match.',
    ],
    [
      'many reasons',
      ['a', 'b', 'c', 'd'].map((why) => signed(refused(why))),
      'fail',
      '4 signatures are there, none by ci or release: refused, a; refused, b; refused, c; and others.',
    ],
    [
      'one that could not be checked',
      [dev, signed(unchecked())],
      'unknown',
      'No signature by ci or release is proven, and one could not be checked: a Notation envelope is not verified here.',
    ],
    [
      'two that could not be checked',
      [signed(unchecked('a')), signed(unchecked('b'))],
      'unknown',
      'No signature by ci or release is proven, and 2 could not be checked: a; b.',
    ],
  ])('%s', (_, signatures, outcome, reason) => {
    expect(judgeThose(signatures)).toMatchObject({ outcome, reason })
  })

  test('knows nothing where too much is attached to read it all', () => {
    expect(judgeAll([{ signatures: [dev], unread: 7 }])).toMatchObject({
      outcome: 'unknown',
      reason: 'Too much is attached to it: 7 things were not read, and a signature by ci or release may be among them.',
    })
    expect(judgeAll([{ signatures: [dev, ci], unread: 7 }]).outcome).toBe('pass')
  })

  test('shows whose it is, how that is known and since when, and how to sign the digest', () => {
    const at = '2026-11-20T08:31:00Z'
    expect(
      judgeThose([
        signed({ state: 'verified', signers: ['ci', 'dev'], who: 'a@b.example', how: 'by its certificate', at }),
      ]),
    ).toMatchObject({
      evidence: [{ name: 'Signed by ci', value: `a@b.example, verified by its certificate, signed at ${at}` }],
    })
    expect(judgeThose([], { annotations: { env: 'prod', note: "it's" }, manifests: 'each' })).toMatchObject({
      fix: { command: `cosign sign --recursive -a env=prod -a 'note=it'\\''s' ${HOST}/prod/api@${DIGEST}` },
    })
  })

  test('shows no more of what outsiders wrote than fits', () => {
    const { reason } = judgeThose([
      signed(refused('x'.repeat(10_000))),
      signed({ ...verified(), who: 'y'.repeat(10_000) } as never),
    ])
    expect(reason.length).toBeLessThan(600)
  })

  test.each([
    [[ci, release], 'pass', 'It has a signature by ci, release.'],
    [[ci, ci], 'fail', 'It has a signature by ci, and needs 2 of ci, release.'],
    [[signed(verified('ci', 'release'))], 'fail', 'It has a signature by ci, release, and needs 2 of ci, release.'],
    [[signed(verified('ci', 'release')), ci], 'pass', 'It has a signature by ci, release.'],
    [[dev], 'fail', '1 signature is there, none by 2 of ci, release: by dev.'],
  ] as const)('needs several, each with a key of their own: %#', (signatures, outcome, reason) => {
    expect(judgeThose(signatures, { needed: 2 })).toMatchObject({ outcome, reason })
  })

  test('says of many that one is enough', () => {
    expect(judgeThose([], { signedBy: ['a', 'b', 'c'] })).toMatchObject({
      reason: 'It has no signature, and needs one by one of a, b, c.',
    })
  })

  test.each([
    [`${HOST}/prod/api`, [], 'pass'],
    [`${HOST}/prod/api:1.4.2`, [], 'pass'],
    [`999999999999.dkr.ecr.us-east-1.amazonaws.com/prod/api@sha256:${'a'.repeat(64)}`, [], 'pass'],
    [`${HOST}/prod/web`, [], 'fail'],
    [`${HOST}/team/prod/api`, [], 'fail'],
    ['evil.example/prod/api', [], 'fail'],
    ['prod/api', [], 'fail'],
    ['', [], 'fail'],
    ['a'.repeat(600), [], 'fail'],
    [`${HOST}/ci/api:1`, ['*/ci/api'], 'pass'],
    [`${HOST}/prod/api`, ['*/ci/api'], 'fail'],
    ['ghcr.io/acme/web', ['ghcr.io/acme/*'], 'pass'],
  ] as const)('of a signature for %s, with %j: %s', (reference, references, outcome) => {
    expect(judgeThose([{ ...ci, reference }], { references }).outcome).toBe(outcome)
  })

  test('says for which name a signature is that was copied', () => {
    expect(judgeThose([{ ...ci, reference: `${HOST}/ci/api` }])).toMatchObject({
      reason: `1 signature is there, none by ci or release: by ci, but for ${HOST}/ci/api.`,
    })
  })

  test('wants the annotations that it names, whatever else there is', () => {
    const annotations = { env: 'prod' }
    expect(judgeThose([{ ...ci, annotations: { env: 'prod', more: 'x' } }], { annotations }).outcome).toBe('pass')
    expect(judgeThose([ci], { annotations: { constructor: 'prod' } }).outcome).toBe('fail')
    expect(judgeThose([{ ...ci, annotations: { env: 'dev' } }], { annotations })).toMatchObject({
      reason: '1 signature is there, none by ci or release: by ci, but without the annotation env=prod.',
    })
  })

  test('looks at the index alone, or at each platform as well', () => {
    const index = [
      { signatures: [ci] },
      { digest: `sha256:${'1'.repeat(64)}`, platform: 'linux/amd64', signatures: [ci] },
      { digest: `sha256:${'2'.repeat(64)}`, platform: 'linux/arm64' },
    ]
    expect(judgeAll(index).outcome).toBe('pass')
    expect(judgeAll(index, { manifests: 'each' })).toMatchObject({
      outcome: 'fail',
      reason: 'linux/arm64: It has no signature, and needs one by ci or release.',
    })
    expect(judgeAll([{}, ...index.slice(1)]).outcome).toBe('fail')
  })

  test('gives a pipeline time to sign, and passes what is signed at once', () => {
    const asked = { parameters: { signedBy: ['ci'] } }
    expect(judge(signature, { evidence: evidence({}), detail: young }, asked)).toEqual({
      outcome: 'not-applicable',
      reason: 'It was pushed less than 30 minutes ago. So far: It has no signature, and needs one by ci.',
    })
    expect(judge(signature, { evidence: evidence({ signatures: [ci] }), detail: young }, asked).outcome).toBe('pass')
    expect(
      judge(signature, { evidence: evidence({}), detail: young }, { parameters: { signedBy: ['ci'], graceMinutes: 0 } })
        .outcome,
    ).toBe('fail')
  })

  const worthless = fc.oneof(
    fc.string().map((why) => signed(refused(why))),
    fc.subarray(['dev', 'ops', 'constructor']).map((names) => signed(verified(...names))),
    fc.webPath().map((path) => ({ ...ci, reference: `evil.example${path}` })),
  )
  const open = fc.string().map((why) => signed(unchecked(why)))
  const parameters = fc.record({
    needed: fc.integer({ min: 1, max: 3 }),
    manifests: fc.constantFrom('index', 'each'),
    graceMinutes: fc.constantFrom(0, 30, 10_000),
  })
  const platforms = (signatures: readonly Signature[]) => [{ signatures }, { signatures, platform: 'linux/arm64' }]

  test('nothing that is refused, unknown or of others makes a pass', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(worthless, open)), parameters, fc.nat(3), (signatures, asked, unread) => {
        const found = platforms(signatures).map((one) => ({ ...one, unread }))
        expect(judgeAll(found, asked).outcome).not.toBe('pass')
      }),
    )
  })

  test('what is refused, or of others, changes no outcome', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(worthless, open, fc.constantFrom(ci, release))),
        fc.array(worthless),
        parameters,
        (signatures, more, asked) => {
          const outcome = (all: readonly Signature[]) => judgeAll(platforms(all), asked).outcome
          expect(outcome([...signatures, ...more])).toBe(outcome(signatures))
          expect(outcome([...more, ...signatures])).toBe(outcome(signatures))
        },
      ),
    )
  })
})
