import { describe, expect, test } from 'vitest'
import { createMean } from '../../../functions/domain/sweep/mean.ts'
import type { RepositoryRecord } from '../../../functions/domain/sweep/record.ts'
import {
  daysAgo,
  EXCEPTED,
  EXPIRED,
  failed,
  found,
  judged,
  judgedImage,
  judgedRegistry,
  notJudged,
  sweep,
} from './recorded.ts'

const only = (record: Partial<RepositoryRecord>) => {
  const [row] = sweep([judged(record)]).report.repositories
  return { score: row?.score, losses: row?.losses }
}

const cves = (count: number, change: Parameters<typeof found>[0]) =>
  Array.from({ length: count }, (_, n) => found({ id: `CVE-2026-${n}`, ...change }))

describe('a repository', () => {
  test('with nothing open has all points', () => {
    expect(only({})).toEqual({ score: 100, losses: [] })
  })

  test('loses for each verdict that fails, as severe as its rule', () => {
    const verdicts = [
      failed({ rule: 'a', severity: 'CRITICAL' }),
      failed({ rule: 'b', severity: 'HIGH' }),
      failed({ rule: 'c', severity: 'LOW' }),
      failed({ rule: 'd', severity: 'INFORMATIONAL' }),
      failed({ rule: 'e', outcome: 'unknown', severity: 'UNDEFINED' }),
      failed({ rule: 'f', exception: EXCEPTED }),
      failed({ rule: 'g', exception: EXPIRED }),
    ]
    const images = [judgedImage({ verdicts: [failed()] }), judgedImage({ verdicts: [failed()] })]

    expect(only({ verdicts, images })).toEqual({
      score: 46,
      losses: [
        { why: 'a fails', points: 25 },
        { why: 'b fails', points: 12 },
        { why: 'non-root-user fails in 2 images', points: 10 },
        { why: 'g fails', points: 5 },
        { why: 'c fails', points: 2 },
      ],
    })
  })

  test('loses for each vulnerability once, however many images have it, as bad as it is anywhere', () => {
    const [one, two] = [found({ severity: 'HIGH' }), found({ severity: 'CRITICAL' })]
    const other = found({ package: 'libssl' })
    const images = [judgedImage({ findings: [one] }), judgedImage({ findings: [two, other, one] })]

    expect(only({ images })).toEqual({
      score: 86,
      losses: [
        { why: '1 critical finding in 1 image', points: 10 },
        { why: '1 high finding in 2 images', points: 4 },
      ],
    })
  })

  test.each([
    ['CRITICAL', 9, 40, 60],
    ['HIGH', 9, 25, 75],
    ['MEDIUM', 90, 10, 90],
  ] as const)('loses for %s findings so much and no more', (severity, count, points, score) => {
    const images = [judgedImage({ findings: cves(count, { severity }) })]
    expect(only({ images })).toEqual({
      score,
      losses: [{ why: `${count} ${severity.toLowerCase()} findings in 1 image`, points }],
    })
  })

  test('loses half as much again for what is overdue, and nothing for what is excepted or low', () => {
    const findings = [
      ...cves(2, { severity: 'CRITICAL', firstSeen: daysAgo(30) }),
      found({ id: 'CVE-1', severity: 'CRITICAL' }),
      found({ id: 'CVE-2', severity: 'CRITICAL', exception: EXCEPTED }),
      found({ id: 'CVE-3', severity: 'LOW', firstSeen: daysAgo(300) }),
      found({ id: 'CVE-4', severity: 'HIGH', firstSeen: daysAgo(31) }),
    ]
    expect(only({ images: [judgedImage({ findings })] })).toEqual({
      score: 54,
      losses: [
        { why: '3 critical findings in 1 image', points: 30 },
        { why: '2 critical findings are older than 7 days', points: 10 },
        { why: '1 high finding in 1 image', points: 4 },
        { why: '1 high finding is older than 30 days', points: 2 },
      ],
    })
  })

  test.each([
    ['its tags could not', { unread: ['its tags'] }],
    ['a scan could not', { images: [judgedImage({ scan: 'unread' })] }],
  ])('of which %s be read loses 10', (_, change) => {
    expect(only(change)).toEqual({ score: 90, losses: [{ why: 'part of it could not be read', points: 10 }] })
  })

  test('has never less than 0, and tells all that it lost, the least in one line', () => {
    const verdicts = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((rule) => failed({ rule, severity: 'CRITICAL' }))
    const { score, losses } = only({ verdicts })

    expect(score).toBe(0)
    expect(losses).toHaveLength(6)
    expect(losses?.at(-1)).toEqual({ why: '2 more reasons', points: 50 })
  })
})

describe('the mean', () => {
  const many = (repository: string, owner: string, images: number, change: Partial<RepositoryRecord> = {}) =>
    judged({ repository, owner, ...change, judged: images })

  test('weighs a repository by its images and one, a registry by one, and says what is missing', () => {
    const records = [
      judgedRegistry({ verdicts: [failed({ rule: 'registry-scanning', severity: 'HIGH' })] }),
      many('web/a', 'web', 2, { verdicts: [failed({ severity: 'HIGH' })] }),
      many('web/b', 'web', 0, { verdicts: [failed({ severity: 'HIGH' })], unread: ['its tags'] }),
      many('data/c', 'data', 4),
    ]
    const { score, losses, owners } = sweep(records).report

    // (88 + 3 × 88 + 1 × 78 + 5 × 100) ÷ 10
    expect(score).toBe(93)
    expect(losses).toEqual([
      { why: 'non-root-user fails in 2 repositories', points: 4.8 },
      { why: 'registry-scanning fails in 1 registry', points: 1.2 },
      { why: 'part of 1 repository could not be read', points: 1 },
    ])
    expect(owners.map(({ owner, score: mean }) => [owner, mean])).toEqual([
      ['web', 85.5],
      ['data', 100],
    ])
  })

  test('counts what was not judged as 0, also where nobody knows what it was', () => {
    const { score, losses, owners } = sweep(
      [judged(), notJudged({ repository: 'tools' }), notJudged({ repository: 'prod/x' })],
      {
        targets: [{ account: '123456789012', region: 'ap-northeast-1', listed: 5, problem: null }],
      },
    ).report

    expect(score).toBe(33.3)
    expect(losses).toEqual([{ why: '4 repositories were not judged', points: 66.7 }])
    expect(owners.map(({ owner, score: mean, repositories }) => [owner, mean, repositories])).toEqual([
      ['unowned', 0, 0],
      ['prod', 50, 1],
    ])
    expect(owners[0]?.losses).toEqual([{ why: '1 repository was not judged', points: 100 }])
  })

  test('loses of one repository no more than it has, and is rounded down: only who has all has 100', () => {
    const verdicts = Array.from({ length: 9 }, (_, n) => failed({ rule: `rule-${n}`, severity: 'CRITICAL' }))
    const records = [judged({ verdicts }), many('prod/b', 'prod', 97)]
    const report = sweep(records).report

    expect(report.score).toBe(99)
    expect(report.losses.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(1.2)
    const slight = sweep([judged({ verdicts: [failed({ severity: 'LOW' })] }), many('prod/b', 'prod', 9_000)]).report
    expect(slight).toMatchObject({ score: 99.9, losses: [] })
  })

  test.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('tells what costs the same by its name: %s before %s', (...rules) => {
    const records = rules.map((rule) => judged({ repository: rule, verdicts: [failed({ rule })] }))
    expect(sweep(records).report.losses.map(({ why }) => why)).toEqual([
      'a fails in 1 repository',
      'b fails in 1 repository',
    ])
    const [row] = sweep([judged({ verdicts: rules.map((rule) => failed({ rule })) })]).report.repositories
    expect(row?.losses.map(({ why }) => why)).toEqual(['a fails', 'b fails'])
  })

  test('of nothing is 0', () => {
    expect([createMean().score(), createMean().reasons()]).toEqual([0, []])
  })
})
