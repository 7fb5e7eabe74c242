import { expect, test } from 'vitest'
import type { ImageRow, RowScan, RowVerdict } from '../../../cli/images/result.ts'
import { scanOf } from '../../../cli/images/scan-of.ts'
import { ageText, kindText, scanText, verdictText } from '../../../cli/images/words.ts'
import type { PlatformScan } from '../../../functions/domain/facts/image-facts.ts'
import type { Finding } from '../../../functions/domain/finding.ts'

const NOW = new Date('2026-11-28T12:00:00Z')
const REF = {
  account: '123456789012',
  region: 'eu-west-1',
  repository: 'a',
  digest: `sha256:${'a'.repeat(64)}`,
  tags: [],
}

test.each([
  ['2026-11-28T11:59:30Z', 'just now'],
  // Clocks differ.
  ['2026-11-28T12:00:30Z', 'just now'],
  ['2026-11-28T11:59:00Z', '1 minute'],
  ['2026-11-28T10:01:00Z', '119 minutes'],
  ['2026-11-28T10:00:00Z', '2 hours'],
  ['2026-11-26T12:00:00Z', '2 days'],
  ['2026-09-01T12:00:00Z', '88 days'],
  ['2026-08-28T12:00:00Z', '3 months'],
  ['2023-11-28T12:00:00Z', '3 years'],
])('what is of %s is %s old', (at, text) => {
  expect(ageText(at, NOW)).toBe(text)
})

const scan = (outcome: PlatformScan['outcome'], change: Partial<PlatformScan> = {}): PlatformScan => ({
  ...{ digest: REF.digest, outcome, counts: {}, findings: [], saysFixes: false },
  ...(outcome === 'complete' && { status: 'COMPLETE' }),
  ...change,
})
const high = (id: string): Finding => ({ id, severity: 'HIGH', package: 'openssl' })
const rowOf = (...platforms: readonly PlatformScan[]): RowScan => scanOf({ platforms }, [], REF, NOW)

test.each<[RowScan, RowScan['state'], string]>([
  [rowOf(), 'none', '-'],
  [rowOf(scan('complete')), 'complete', 'no findings'],
  [rowOf(scan('never')), 'never', 'not scanned'],
  [rowOf(scan('pending', { status: 'IN_PROGRESS' })), 'pending', 'IN_PROGRESS'],
  [rowOf(scan('failed', { status: 'UNSUPPORTED_IMAGE' })), 'failed', 'UNSUPPORTED_IMAGE'],
  [
    rowOf(scan('never', { platform: 'linux/amd64' }), scan('never', { platform: 'linux/arm64' })),
    'never',
    'not scanned',
  ],
  // The findings of one platform do not hide that another one was never looked at.
  [
    rowOf(
      scan('complete', { platform: 'linux/amd64', findings: [high('CVE-2026-1000')], counts: { HIGH: 1 } }),
      scan('failed', { platform: 'linux/arm64', status: 'FAILED' }),
      scan('never', { digest: `sha256:${'b'.repeat(64)}` }),
    ),
    'failed',
    '1 high; linux/arm64 FAILED, sha256:bbbbbbbbbbbb not scanned',
  ],
  // The same finding on two platforms is one; what ECR counts and does not list is added.
  [
    rowOf(
      scan('complete', { findings: [high('CVE-2026-1000')], counts: { HIGH: 1 } }),
      scan('complete', { findings: [high('CVE-2026-1000')], counts: { HIGH: 1 } }),
      scan('complete', { counts: { LOW: 3 } }),
    ),
    'complete',
    '1 high, 3 low',
  ],
])('%# a scan is its worst platform, and says which', (row, state, text) => {
  expect([row.state, scanText(row)]).toEqual([state, text])
})

const rule = (name: string, outcome: 'fail' | 'unknown', excepted = false) =>
  ({ rule: name, outcome, severity: 'HIGH', reason: 'so', excepted }) as const

test.each<[RowVerdict | undefined, string]>([
  [undefined, '-'],
  [{ state: 'unasked', rules: [] }, '-'],
  [{ state: 'notApplicable', rules: [] }, '-'],
  [{ state: 'pass', rules: [] }, 'pass'],
  [{ state: 'excepted', rules: [rule('a', 'fail', true)] }, 'excepted: a'],
  [
    { state: 'fail', rules: [rule('a', 'fail'), rule('b', 'unknown'), rule('c', 'fail'), rule('d', 'unknown', true)] },
    'fail: a, c; unknown: b; excepted: d',
  ],
])('%# a verdict names the rules that it comes from', (verdict, text) => {
  expect(verdictText(verdict)).toBe(text)
})

test.each<[Pick<ImageRow, 'kind' | 'what' | 'platforms'>, string]>([
  [{ kind: 'image', platforms: [] }, 'image'],
  [{ kind: 'index', platforms: [] }, 'index'],
  [{ kind: 'unknown', platforms: [] }, '-'],
  [{ kind: 'artifact', what: 'an SBOM', platforms: [] }, 'SBOM'],
  [{ kind: 'index', platforms: ['linux/amd64', 'linux/arm64', 'linux/arm/v7'] }, 'linux/amd64, linux/arm64 and 1 more'],
])('%# what it is is its platforms, or its kind', (row, text) => {
  expect(
    kindText(
      {
        ...row,
        digest: REF.digest,
        tags: [],
        pushedAt: NOW.toISOString(),
        sizeInBytes: 1,
        status: 'ACTIVE',
        problems: [],
      },
      2,
    ),
  ).toBe(text)
})
