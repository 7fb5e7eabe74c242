import { describe, expect, test } from 'vitest'
import type { Exception } from '../../../functions/domain/exception.ts'
import type { PlatformScan } from '../../../functions/domain/facts/image-facts.ts'
import { vulnerabilities } from '../../../functions/domain/rules/vulnerabilities.ts'
import { finding } from '../../builders.ts'
import { content, detail, judge, platform, scan } from './facts.ts'

const found = (...severities: readonly ('CRITICAL' | 'HIGH' | 'LOW')[]) =>
  severities.map((severity, n) => finding({ id: `CVE-${n + 1}`, severity }))

const exception = (change: Partial<Exception> = {}): Exception => ({
  finding: 'CVE-1',
  repositories: ['prod/*'],
  reason: 'not reachable',
  owner: 'team-a',
  expires: '2027-01-31',
  line: 9,
  ...change,
})

type Around = { readonly parameters?: Record<string, unknown>; readonly exceptions?: readonly Exception[] }

const old = detail({ pushedAt: '2026-11-19T08:00:00Z' })
const judgeScan = (one: Partial<PlatformScan>, around: Around = {}) =>
  judge(vulnerabilities, { detail: old, scan: scan({ saysFixes: true, ...one }) }, around)

describe('vulnerabilities', () => {
  test.each<[string, Partial<PlatformScan>, Record<string, unknown>, string]>([
    ['none', {}, {}, 'pass'],
    ['one that has no limit', { findings: found('LOW') }, {}, 'pass'],
    ['one where none may be', { findings: found('HIGH') }, {}, 'fail'],
    ['as many as there may be', { findings: found('HIGH', 'HIGH') }, { limits: { HIGH: 2 } }, 'pass'],
    ['one more', { findings: found('HIGH', 'HIGH', 'HIGH') }, { limits: { HIGH: 2 } }, 'fail'],
    ['one without a fix', { findings: [finding({ fixed: undefined })] }, {}, 'fail'],
    [
      'one without a fix, where only others count',
      { findings: [finding({ fixed: undefined })] },
      { fixableOnly: true },
      'pass',
    ],
    ['one with a fix', { findings: [finding()] }, { fixableOnly: true }, 'fail'],
    [
      'one of which basic scanning does not say whether it has a fix',
      { findings: [finding({ fixed: undefined })], saysFixes: false },
      { fixableOnly: true },
      'fail',
    ],
    ['some that ECR counts, and does not list', { counts: { CRITICAL: 3 } }, {}, 'fail'],
    [
      'more that ECR counts than it lists',
      { findings: [finding({ severity: 'LOW' })], unlisted: { CRITICAL: 1 } },
      {},
      'fail',
    ],
    ['some that are suppressed, and counted', { counts: { CRITICAL: 3 }, unlisted: {} }, {}, 'pass'],
    ['an image that was never scanned', { outcome: 'never', status: undefined }, {}, 'unknown'],
    ['an image whose scan failed', { outcome: 'failed', status: 'FAILED' }, {}, 'unknown'],
    ['a scan that takes too long', { outcome: 'pending', status: 'PENDING' }, {}, 'unknown'],
  ])('%s', (_, one, parameters, outcome) => {
    expect(judgeScan(one, { parameters }).outcome).toBe(outcome)
  })

  test('is not known without a scan, which is what to see to', () => {
    expect(judgeScan({ outcome: 'failed', status: 'UNSUPPORTED_IMAGE' })).toEqual({
      outcome: 'unknown',
      reason: 'Its findings are not known, since no scan of it is complete: UNSUPPORTED_IMAGE.',
      fix: { text: expect.stringContaining('scan it in CI') },
    })
    expect(judgeScan({ outcome: 'never', status: undefined })).toMatchObject({
      reason: expect.stringMatching(/: never\.$/),
    })
  })

  test('says how many there are and may be, which are the worst, and what to do', () => {
    expect(judgeScan({ findings: found('LOW', 'HIGH', 'CRITICAL') })).toMatchObject({
      reason: 'It has 1 critical, 1 high, where 0 critical, 0 high may be.',
      evidence: [
        { name: 'Findings', value: '1 critical, 1 high, 1 low' },
        { name: 'Worst', value: 'CVE-3, CVE-2' },
      ],
      fix: { text: '2 of 2 are fixed by upgrading 1 package: openssl.' },
    })
  })

  test('says to rebuild where most come from the lowest layer', () => {
    const layers = ['sha256:base', 'sha256:own']
    const [layer] = layers
    const inherited = { findings: [finding({ layer })], saysFixes: true }
    const adviceOn = (one: Partial<PlatformScan>) =>
      judge(vulnerabilities, { detail: old, scan: scan(one), manifest: content(platform({ layers })) })
    expect(adviceOn(inherited)).toMatchObject({
      fix: { text: 'Rebuild on a newer base image: 1 of 1 comes from the lowest layer, 1 with a published fix.' },
    })
    expect(adviceOn({ ...inherited, digest: 'sha256:another' })).toMatchObject({
      fix: { text: 'It is fixed by upgrading 1 package: openssl.' },
    })
  })

  test('does not count what is excepted, and shows it', () => {
    const exceptions = [exception()]
    expect(judgeScan({ findings: found('HIGH') }, { exceptions })).toMatchObject({
      outcome: 'pass',
      evidence: [
        { name: 'Findings', value: 'none' },
        { name: 'Excepted', value: '1: CVE-1' },
      ],
    })
    expect(judgeScan({ findings: found('HIGH', 'HIGH') }, { exceptions })).toMatchObject({
      outcome: 'fail',
      reason: 'It has 1 high, where 0 high may be.',
    })
  })

  test('counts again what was excepted once, and says which exception has ended', () => {
    expect(
      judgeScan({ findings: found('HIGH') }, { exceptions: [exception({ expires: '2026-11-01' })] }),
    ).toMatchObject({
      outcome: 'fail',
      evidence: expect.arrayContaining([{ name: 'Exception expired', value: 'CVE-1 (team-a, 2026-11-01)' }]),
    })
  })

  test.each([
    ['another package', { package: 'zlib' }],
    ['another repository', { repositories: ['dev/*'] }],
    ['other tags', { tags: ['2.*'] }],
    ['a rule', { finding: undefined, rule: 'vulnerabilities' }],
  ])('counts what is excepted for %s', (_, change) => {
    const exceptions = [exception(change as Partial<Exception>)]
    expect(judgeScan({ findings: found('HIGH') }, { exceptions }).outcome).toBe('fail')
  })

  test('says how many have no fix, where they do not count', () => {
    const findings = [finding({ fixed: undefined }), finding({ id: 'CVE-2' })]
    expect(judgeScan({ findings }, { parameters: { fixableOnly: true } })).toMatchObject({
      evidence: expect.arrayContaining([{ name: 'Without a fix, not counted', value: '1' }]),
    })
    expect(judgeScan({ findings, saysFixes: false }, { parameters: { fixableOnly: true } })).toMatchObject({
      evidence: expect.arrayContaining([
        { name: 'Fixes', value: 'basic scanning does not say which have one: all count' },
      ]),
    })
  })

  test('waits for a scan that need not be there yet', () => {
    const values = { detail: detail(), scan: scan({ outcome: 'pending', status: 'PENDING' }) }
    expect(judge(vulnerabilities, values).outcome).toBe('not-applicable')
  })

  test('names the platform of an index that has them', () => {
    const platforms = [{ platform: 'linux/amd64' }, { platform: 'linux/arm64', findings: found('HIGH') }]
    expect(judge(vulnerabilities, { detail: old, scan: scan(...platforms) })).toMatchObject({
      outcome: 'fail',
      reason: 'linux/arm64: It has 1 high, where 0 high may be.',
    })
  })
})
