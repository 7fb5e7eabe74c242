import { describe, expect, test } from 'vitest'
import type { PlatformScan } from '../../../functions/domain/facts/image-facts.ts'
import { scanned } from '../../../functions/domain/rules/scanned.ts'
import { DIGEST } from '../../builders.ts'
import { detail, judge, judgeUnread, scan } from './facts.ts'

const never = { status: undefined, outcome: 'never' } as const
const pending = { status: 'IN_PROGRESS', outcome: 'pending' } as const
const failed = (status: string) => ({ status, outcome: 'failed' }) as const

const young = detail({ pushedAt: '2026-11-20T08:00:01Z' })
const old = detail({ pushedAt: '2026-11-20T08:00:00Z' })

const judgeScan = (pushed: typeof young, ...platforms: readonly Partial<PlatformScan>[]) =>
  judge(scanned, { detail: pushed, scan: scan(...platforms) })

describe('scanned', () => {
  test.each([
    ['a finished scan', old, {}, 'pass'],
    ['continuous scanning', old, { status: 'ACTIVE' }, 'pass'],
    ['a failed scan', old, failed('FAILED'), 'fail'],
    ['a failed scan of what was just pushed', young, failed('FAILED'), 'fail'],
    ['an image that the scanner does not know', old, failed('UNSUPPORTED_IMAGE'), 'fail'],
    ['an image that Inspector watches no longer', old, failed('SCAN_ELIGIBILITY_EXPIRED'), 'fail'],
    ['an answer without a status', old, failed('UNKNOWN'), 'fail'],
    ['no scan', old, never, 'fail'],
    ['no scan yet', young, never, 'not-applicable'],
    ['a scan that takes too long', old, pending, 'fail'],
    ['a scan that runs', young, pending, 'not-applicable'],
    ['an archived image', old, { status: 'IMAGE_ARCHIVED', outcome: 'pending' }, 'not-applicable'],
  ] as const)('%s', (_, pushed, one, outcome) => {
    expect(judgeScan(pushed, one).outcome).toBe(outcome)
  })

  test.each([
    [never, 'It was never scanned.'],
    [pending, 'Its scan is still IN_PROGRESS.'],
    [failed('FAILED'), 'Its scan ended as FAILED.'],
    [failed('SCAN_ELIGIBILITY_EXPIRED'), 'It was scanned once, and is watched no longer.'],
  ])('says of %j: %s', (one, reason) => {
    expect(judgeScan(old, one)).toMatchObject({ reason })
  })

  test('says how to scan it, unless that would end the same way', () => {
    const command = `aws ecr start-image-scan --region ap-northeast-1 --repository-name prod/api --image-id '{"imageDigest":"${DIGEST}"}'`
    expect(judgeScan(old, never)).toMatchObject({ fix: { command } })
    expect(judgeScan(old, failed('FAILED'))).toMatchObject({ fix: { command } })
    expect(judgeScan(old, failed('UNSUPPORTED_IMAGE'))).not.toMatchObject({ fix: { command } })
  })

  test('says what the scanner says', () => {
    expect(judgeScan(old, { ...failed('FAILED'), description: 'unknown layer' })).toMatchObject({
      evidence: [
        { name: 'Scan', value: 'FAILED' },
        { name: 'Scanner says', value: 'unknown layer' },
      ],
    })
  })

  test('names the platform of an index that was not scanned', () => {
    const platforms = [{ platform: 'linux/amd64' }, { platform: 'linux/arm64', ...never }]
    expect(judgeScan(old, ...platforms)).toMatchObject({
      outcome: 'fail',
      reason: 'linux/arm64: It was never scanned.',
    })
  })

  test('lets no index pass while one of its platforms is waited for', () => {
    const platforms = [{ platform: 'linux/amd64' }, { platform: 'linux/arm64', ...pending }]
    expect(judgeScan(young, ...platforms)).toEqual({
      outcome: 'not-applicable',
      reason: 'It was pushed less than 60 minutes ago, and its scan is not there yet.',
    })
  })

  test('waits as long as it is told to', () => {
    const values = { detail: young, scan: scan(never) }
    expect(judge(scanned, values, { parameters: { graceMinutes: 0 } }).outcome).toBe('fail')
  })

  test('is unknown where the scan cannot be read', () => {
    expect(judgeUnread(scanned, 'scan').outcome).toBe('unknown')
  })
})
