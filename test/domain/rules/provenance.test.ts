import { describe, expect, test } from 'vitest'
import { provenance } from '../../../functions/domain/rules/provenance.ts'
import type { Attestation } from '../../../functions/domain/supply-chain/attached.ts'
import { attested, evidence, refused, signed, unchecked, verified } from './evidence.ts'
import { detail, judge } from './facts.ts'

const BUILDER = 'https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main'
const predicate = (source = 'https://github.com/acme/web', ref = 'refs/heads/main') => ({
  buildDefinition: { externalParameters: { workflow: { repository: source, ref } } },
  runDetails: { builder: { id: BUILDER } },
})
const good = attested(verified('ci'), predicate())
const old = detail({ pushedAt: '2026-11-20T08:00:00Z' })

const judgeThose = (attestations: readonly Attestation[], parameters: Record<string, unknown> = {}, unread = 0) =>
  judge(
    provenance,
    { evidence: evidence({ attestations, unread }), detail: old },
    { parameters: { signedBy: ['ci'], ...parameters } },
  )

describe('provenance', () => {
  test('shows who built it, from what', () => {
    expect(judgeThose([good])).toEqual({
      outcome: 'pass',
      reason: 'It has a provenance attestation by ci.',
      evidence: [
        { name: 'Signed by ci', value: 'key SHA256:ci, verified by its key' },
        { name: 'Builder', value: BUILDER },
        { name: 'Source', value: 'https://github.com/acme/web' },
        { name: 'Ref', value: 'refs/heads/main' },
      ],
    })
  })

  test('believes a signer who says nothing of it, where nothing is asked', () => {
    expect(judgeThose([attested(verified('ci'), {})])).toMatchObject({
      outcome: 'pass',
      evidence: [{ name: 'Signed by ci' }],
    })
  })

  test.each([
    [{ builders: [BUILDER] }, 'pass', ''],
    [{ builders: ['https://github.com/acme/*/.github/workflows/release.yml@refs/heads/main'] }, 'pass', ''],
    [{ builders: ['https://github.com/acme/web'] }, 'fail', `the builder is ${BUILDER}`],
    [{ sources: ['https://github.com/acme/*'] }, 'pass', ''],
    [{ sources: ['https://github.com/acme'] }, 'fail', 'the source is https://github.com/acme/web'],
    [{ branches: ['main'] }, 'pass', ''],
    [{ branches: ['release/*', 'refs/heads/main'] }, 'pass', ''],
    [{ branches: ['release/*', 'refs/tags/v*'] }, 'fail', 'the branch is refs/heads/main'],
    [{ branches: ['**/main'] }, 'fail', 'the branch is refs/heads/main'],
  ])('with %j: %s', (parameters, outcome, why) => {
    const judgement = judgeThose([good], parameters)
    expect(judgement.outcome).toBe(outcome)
    if (why) expect(judgement.reason).toBe(`1 provenance attestation is there, none by ci: by ci, but ${why}.`)
  })

  test.each([
    ['builder', { builders: ['**'] }],
    ['source', { sources: ['**'] }],
    ['branch', { branches: ['**'] }],
  ])('a statement without a %s does not say what is asked', (what, parameters) => {
    expect(judgeThose([attested(verified('ci'), {})], parameters)).toMatchObject({
      outcome: 'fail',
      reason: `1 provenance attestation is there, none by ci: by ci, but without a ${what}.`,
    })
  })

  test.each<[string, readonly Attestation[], string]>([
    ['none', [], 'fail'],
    [
      'one of another kind',
      [attested(verified('ci'), predicate(), { predicateType: 'https://example.com/other' })],
      'fail',
    ],
    ['one that is refused', [attested(refused(), undefined)], 'fail'],
    ['one of somebody else', [attested(verified('dev'), predicate())], 'fail'],
    [
      'one from elsewhere beside one that is good',
      [attested(verified('ci'), predicate('https://evil.example/a')), good],
      'pass',
    ],
    ['one that could not be checked', [attested(unchecked(), undefined)], 'unknown'],
    [
      'one that could not be checked, and does not say its kind',
      [attested(unchecked(), undefined, { predicateType: undefined })],
      'unknown',
    ],
    [
      'one that is refused, and does not say its kind',
      [attested(refused(), undefined, { predicateType: undefined })],
      'fail',
    ],
  ])('%s', (_, attestations, outcome) => {
    expect(judgeThose(attestations, { sources: ['https://github.com/acme/*'] }).outcome).toBe(outcome)
  })

  test.each([
    ['a bundle that could not be read', signed(unchecked(), { format: 'bundle' }), 'unknown'],
    ['a bundle that is refused', signed(refused(), { format: 'bundle' }), 'fail'],
    ['a bundle that is a signature', signed(verified('ci'), { format: 'bundle' }), 'fail'],
    ['a signature in another form that could not be read', signed(unchecked()), 'fail'],
  ])('%s', (_, signature, outcome) => {
    const values = { evidence: evidence({ signatures: [signature] }), detail: old }
    expect(judge(provenance, values, { parameters: { signedBy: ['ci'] } }).outcome).toBe(outcome)
  })

  test('knows nothing where too much is attached', () => {
    expect(judgeThose([], {}, 1)).toMatchObject({
      outcome: 'unknown',
      reason: 'Too much is attached to it: 1 thing was not read, and a provenance attestation by ci may be among them.',
    })
  })

  test('gives a pipeline time, and has an image without any manifest fail', () => {
    const asked = { parameters: { signedBy: ['ci'] } }
    expect(judge(provenance, { evidence: evidence({}), detail: detail() }, asked).outcome).toBe('not-applicable')
    expect(judge(provenance, { evidence: { isIndex: false, manifests: [] }, detail: old }, asked).outcome).toBe('fail')
  })
})
