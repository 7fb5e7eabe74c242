import { describe, expect, test } from 'vitest'
import { exceptionKey } from '../../functions/domain/exception.ts'
import { daysLeft, expiresSoon, matchedAt, reportOn } from '../../functions/domain/exception-report.ts'
import { exception, finding, image } from '../builders.ts'

const NOW = new Date('2026-11-20T23:30:00Z')

test.each([
  ['2026-11-19', -1, false],
  ['2026-11-20', 0, true],
  ['2026-12-04', 14, true],
  ['2026-12-05', 15, false],
  ['2027-11-20', 365, false],
])('an exception that ends on %s has %i days left', (expires, days, isSoon) => {
  expect(daysLeft(exception({ expires }), NOW)).toBe(days)
  expect(expiresSoon(exception({ expires }), NOW)).toBe(isSoon)
})

describe('the report', () => {
  const ended = exception({ finding: 'CVE-2026-0001', expires: '2026-11-19' })
  const ending = exception({ finding: 'CVE-2026-0002', expires: '2026-11-30' })
  const holding = exception({ rule: 'tag-immutability' })
  const all = [ended, ending, holding]

  test('names what has ended and what soon will', () => {
    expect(reportOn(all, NOW)).toEqual({ expired: [ended], expiring: [ending] })
  })

  test('names what holds and nothing needs, where everything was looked at', () => {
    const matched = new Set(
      matchedAt(all, { place: image(), findings: [finding({ id: 'CVE-2026-0001' })], rules: ['tag-immutability'] }),
    )

    expect(reportOn(all, NOW, matched).unmatched).toEqual([ending])
  })

  test('says nothing of matches where nobody looked', () => {
    expect(reportOn(all, NOW)).not.toHaveProperty('unmatched')
  })
})

test('an exception is needed by what it is about alone', () => {
  const onCve = exception({ finding: 'CVE-2026-0001', package: 'openssl' })
  const onRule = exception({ rule: 'non-root-user', tags: ['1.*'] })
  const seen = (sighting: Omit<Parameters<typeof matchedAt>[1], 'place'>) =>
    matchedAt([onCve, onRule], { place: image(), ...sighting })

  expect(seen({ findings: [finding()] })).toEqual([exceptionKey(onCve)])
  expect(seen({ findings: [finding({ package: 'zlib' })] })).toEqual([])
  expect(seen({ rules: ['non-root-user', 'healthcheck'] })).toEqual([exceptionKey(onRule)])
  expect(seen({})).toEqual([])
  expect(matchedAt([onRule], { place: { repository: 'prod/api' }, rules: ['non-root-user'] })).toEqual([])
})

test('two exceptions on the same have the same key, whatever their reason, owner and end', () => {
  const one = exception({ rule: 'non-root-user', repositories: ['a', 'b'], tags: ['1', '2'] })
  const other = exception({ ...one, repositories: ['b', 'a', 'a'], tags: ['2', '1'], expires: '2026-01-01', line: 1 })

  expect(exceptionKey(other)).toBe(exceptionKey(one))
  expect(exceptionKey({ ...one, digest: 'sha256:0' })).not.toBe(exceptionKey(one))
  expect(exceptionKey({ ...one, rule: 'healthcheck' })).not.toBe(exceptionKey(one))
})
