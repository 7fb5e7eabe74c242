import { describe, expect, test } from 'vitest'
import { parseHistory } from '../../../functions/domain/sweep/history.ts'
import type { RepositoryRecord, SweepRecord } from '../../../functions/domain/sweep/record.ts'
import {
  again,
  daysAgo,
  EXCEPTED,
  failed,
  found,
  judged,
  judgedImage,
  judgedRegistry,
  NOW,
  notJudged,
  REGISTRY,
  sweep,
} from './recorded.ts'

const having = (ids: readonly string[], change: Partial<RepositoryRecord> = {}) =>
  judged({ images: [judgedImage({ findings: ids.map((id) => found({ id })) })], ...change })

const changes = (...args: Parameters<typeof again>) => {
  const { newFails, fixedFails, newFindings, fixedFindings } = again(...args).since ?? {}
  return { newFails, fixedFails, newFindings, fixedFindings }
}

const NONE = { newFails: 0, fixedFails: 0, newFindings: {}, fixedFindings: {} }

describe('a history', () => {
  test.each([undefined, '', '{', 'null', '[]', '{"version":2}', '{"version":1,"id":"2026"}'])(
    'of %o is none',
    (text) => {
      expect(parseHistory(text)).toBeNull()
    },
  )

  test('is read as it was written', () => {
    const { history } = sweep([having(['CVE-1'], { repository: '__proto__/x', owner: '__proto__' })])
    expect(parseHistory(JSON.stringify(history))).toEqual(history)
  })

  test('keeps at most 400 points', () => {
    let history = sweep([judged()]).history
    for (let n = 0; n < 400; n++)
      history = sweep([judged()], { history, id: `night-${n}`, startedAt: new Date(NOW.getTime() + n) }).history
    const { report } = sweep([judged()], { history })

    expect(report.trend).toHaveLength(400)
    expect(report.trend.at(-1)).toEqual({ at: NOW.toISOString(), score: report.score, ...report.totals })
  })

  test('with places that it does not have is as if it had never seen them', () => {
    const { history } = sweep([having(['CVE-1'])], { id: 'before' })
    expect(sweep([having(['CVE-1'])], { history: { ...history, keys: [] } }).report.since?.newFindings).toEqual({
      HIGH: 1,
    })
  })
})

describe('since the last sweep', () => {
  test('there is nothing to tell of a first one', () => {
    expect(sweep([having(['CVE-1'])]).report.since).toBeNull()
  })

  test('findings are new or fixed by id and package, once for each repository', () => {
    const before = [having(['CVE-1', 'CVE-2', 'CVE-3']), having(['CVE-1'], { repository: 'b' })]
    const twice = judgedImage({ findings: [found({ id: 'CVE-1' }), found({ id: 'CVE-4', severity: 'LOW' })] })
    const now = [judged({ images: [twice, twice] }), having(['CVE-1', 'CVE-2'], { repository: 'b' })]

    expect(changes(before, now)).toEqual({ ...NONE, newFindings: { HIGH: 1, LOW: 1 }, fixedFindings: { HIGH: 2 } })
  })

  test('what became worse is neither', () => {
    const worse = judgedImage({ findings: [found({ id: 'CVE-1', severity: 'CRITICAL' })] })
    expect(changes([having(['CVE-1'])], [judged({ images: [worse] })])).toEqual(NONE)
  })

  test('what is excepted by now is not fixed, and is new when that ends', () => {
    const excepted = judged({ images: [judgedImage({ findings: [found({ id: 'CVE-1', exception: EXCEPTED })] })] })
    expect(changes([having(['CVE-1'])], [excepted])).toEqual(NONE)
    expect(changes([excepted], [having(['CVE-1'])])).toEqual({ ...NONE, newFindings: { HIGH: 1 } })
  })

  test.each<[string, Partial<RepositoryRecord>]>([
    ['its record says so', { unread: ['its images'] }],
    ['a scan is pending', { images: [judgedImage({ scan: 'pending' })] }],
    ['its record is too long', { omitted: { images: 1, findings: [], fails: 0, unknowns: 0, excepted: 0 } }],
  ])('what may only not have been read is not fixed, and not new afterwards: %s', (_, change) => {
    const [before, blind] = [having(['CVE-1'], { verdicts: [failed()] }), judged({ images: [], ...change })]
    const first = sweep([before], { id: 'first' })
    const second = sweep([blind], { id: 'second', history: first.history })
    const third = sweep([before], { id: 'third', history: second.history })

    expect(second.report.since).toMatchObject(NONE)
    expect(third.report.since).toMatchObject(NONE)
  })

  test('fails are counted by rule, and what is not known now still fails', () => {
    const rules = (fail: number, unknown: number) => [{ rule: 'scanned', pass: 1, fail, unknown, excepted: 0 }]
    const of = (fail: number, unknown = 0): SweepRecord[] => [judged({ rules: rules(fail, unknown) })]

    expect(changes(of(3), of(5))).toEqual({ ...NONE, newFails: 2 })
    expect(changes(of(5), of(3))).toEqual({ ...NONE, fixedFails: 2 })
    expect(changes(of(5), of(3, 1))).toEqual({ ...NONE, fixedFails: 1 })
    expect(changes(of(5), of(0, 9))).toEqual(NONE)
  })

  test('registries have fails too', () => {
    const failing = judgedRegistry({ verdicts: [failed({ rule: 'registry-scanning' })] })
    expect(changes([judgedRegistry()], [failing])).toEqual({ ...NONE, newFails: 1 })
    expect(changes([failing], [judgedRegistry({ unread: ['its scanning'] })])).toEqual(NONE)
  })

  test('what a repository had that is gone is fixed; what was not judged, or not listed, is not', () => {
    const before = [judged(), having(['CVE-1'], { repository: 'b', verdicts: [failed()] })]
    const gone = { ...NONE, fixedFails: 1, fixedFindings: { HIGH: 1 } }

    expect(changes(before, [judged()])).toEqual(gone)
    expect(changes(before, [judged(), notJudged({ repository: 'b', isGone: true })])).toEqual(gone)
    expect(changes(before, [judged(), notJudged({ repository: 'b' })])).toEqual(NONE)
    const listings = [[{ ...REGISTRY, listed: 1, problem: 'denied' }], [{ ...REGISTRY, listed: 3, problem: null }], []]
    for (const targets of listings) expect(changes(before, [judged()], { targets })).toEqual(NONE)
  })

  test('a registry that is not asked for any more is forgotten without a word, and one that is not reached is remembered', () => {
    const other = { ...REGISTRY, region: 'us-east-1' }
    const first = sweep([having(['CVE-1'], other), judgedRegistry(other)], {
      id: 'first',
      targets: [{ ...other, listed: 1, problem: null }],
    })
    const unreached = sweep([judged()], {
      id: 'second',
      history: first.history,
      targets: [{ ...other, listed: 0, problem: 'denied' }],
    })
    const without = sweep([judged()], { id: 'second', history: first.history })
    const kept = (one: typeof first) => one.history.repositories.map(([name]) => name.split('/')[1])

    expect([unreached.report.since, without.report.since]).toEqual([
      expect.objectContaining(NONE),
      expect.objectContaining(NONE),
    ])
    expect(kept(unreached)).toContain('us-east-1')
    expect(kept(without)).not.toContain('us-east-1')
  })

  test('scores, bytes and money are compared, also those of owners', () => {
    const stored = (bytes: number) => ({ images: 1, untagged: 0, archived: 0, bytes, archivedBytes: 0 })
    const before = judged({ stored: stored(20e9), verdicts: [failed({ severity: 'CRITICAL' })] })
    const report = again([before], [judged({ stored: stored(50e9) }), judged({ repository: 'b', owner: 'new' })])

    expect(report.since).toMatchObject({ at: NOW.toISOString(), score: 12.5, bytes: 30e9, dollarsPerMonth: 3 })
    expect(report.owners.map(({ owner, change }) => [owner, change])).toEqual([
      ['new', undefined],
      ['prod', 25],
    ])
  })

  test('a report that is made again says the same', () => {
    const { history } = sweep([having(['CVE-1'])], { id: 'before', startedAt: new Date(daysAgo(1)) })
    const now = [having(['CVE-2'], { verdicts: [failed()] })]
    const once = sweep(now, { history })

    expect(sweep(now, { history: once.history })).toEqual(once)
    const first = sweep(now)
    expect(sweep(now, { history: first.history })).toEqual(first)
  })

  test('of more than 200,000 distinct findings none is called new afterwards', () => {
    const many = (from: number) => having(Array.from({ length: 200_002 }, (_, n) => `CVE-${n + from}`))
    const { history } = sweep([many(0)], { id: 'before' })

    expect(history.keys).toHaveLength(200_000)
    expect(sweep([many(0)], { history }).report.since).toMatchObject(NONE)
  })
})
