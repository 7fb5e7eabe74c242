import { describe, expect, test } from 'vitest'
import { createSummary } from '../../../functions/domain/sweep/summary.ts'
import {
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

const OPTIONS = { id: '2026-11-24t21', startedAt: NOW, now: NOW, policy: { sla: {} }, history: null, exceptions: [] }

const listing = (listed: number, problem: string | null = null) => ({ targets: [{ ...REGISTRY, listed, problem }] })

test('all is covered where each repository that was listed has a record, and the registry has one', () => {
  expect(sweep([judged(), judged({ repository: 'b' })]).report).toMatchObject({
    targets: [{ ...REGISTRY, listed: 2, judged: 2, problem: null }],
    coverage: { listed: 2, judged: 2, notWhole: 0, complete: true, notJudged: [], omitted: 0 },
  })
})

test('what left no record is missing', () => {
  expect(sweep([judged()], listing(3)).report.coverage).toMatchObject({
    ...{ listed: 3, judged: 1, complete: false },
    notJudged: [{ ...REGISTRY, repository: null, why: '2 repositories left no record: their batches did not end' }],
  })
})

test('a registry without a record of its own is not covered, unless it could not be listed, which says it', () => {
  const registry = judgedRegistry({ region: 'us-east-1' })
  const [gap] = sweep([judged(), registry], listing(1)).report.coverage.notJudged
  expect(gap).toEqual({ ...REGISTRY, repository: null, why: 'the rules on the registry itself left no record' })

  const { coverage, targets, verdict } = sweep([registry], listing(0, 'denied')).report
  expect(targets[0]).toEqual({ ...REGISTRY, listed: 0, judged: 0, problem: 'denied' })
  expect([coverage.complete, coverage.notJudged, verdict]).toEqual([false, [], 'unknown'])
})

test('why a registry itself was not judged is told as its record says', () => {
  const summary = createSummary({ ...OPTIONS, ...listing(0) })
  summary.add(notJudged({ repository: null, why: 'denied' }))
  expect(summary.end(NOW).report).toMatchObject({
    score: 0,
    coverage: { complete: false, notJudged: [{ ...REGISTRY, repository: null, why: 'denied' }] },
  })
})

test('a registry that was not to be judged has a problem', () => {
  const { targets, coverage } = sweep([judged({ region: 'us-east-1' })], listing(0)).report
  expect(targets[1]).toMatchObject({ region: 'us-east-1', judged: 1, problem: expect.stringContaining('not among') })
  expect(coverage.complete).toBe(false)
})

test('what could not be read, of a repository or of a registry, leaves a gap', () => {
  expect(sweep([judged({ unread: ['its tags'] })]).report.coverage).toMatchObject({ notWhole: 1, complete: false })
  const registry = judgedRegistry({ unread: ['its scanning'] })
  expect(sweep([judged(), registry]).report.coverage).toMatchObject({
    ...{ notWhole: 0, complete: false },
    notJudged: [{ ...REGISTRY, repository: null, why: 'its scanning' }],
  })
})

test('what was deleted in the meantime is not missing', () => {
  const { coverage, score } = sweep([judged(), notJudged({ repository: 'b', isGone: true })]).report
  expect([coverage, score]).toEqual([
    { listed: 2, judged: 1, notWhole: 0, gone: 1, complete: true, notJudged: [], omitted: 0 },
    100,
  ])
})

test('a hundred gaps are named, the first by name, whatever the order; the rest is counted', () => {
  const gaps = Array.from({ length: 130 }, (_, n) => notJudged({ repository: `r${String(n).padStart(3, '0')}` }))
  const { coverage } = sweep(gaps.toReversed()).report

  expect(coverage.notJudged.map(({ repository }) => repository)).toEqual(
    gaps.slice(0, 100).map((gap) => gap.repository),
  )
  expect(coverage.omitted).toBe(30)
})

describe('the verdict', () => {
  test.each([
    ['pass', 'all is known and nothing fails', judged({ images: [judgedImage({ findings: [found()] })] })],
    ['fail', 'a rule fails', judged({ verdicts: [failed()] })],
    ['pass', 'what fails is excepted', judged({ verdicts: [failed({ exception: EXCEPTED })] })],
    [
      'fail',
      'a finding is overdue',
      judged({ images: [judgedImage({ findings: [found({ firstSeen: daysAgo(31) })] })] }),
    ],
    ['unknown', 'a rule could not be judged', judged({ verdicts: [failed({ outcome: 'unknown' })] })],
    ['unknown', 'an image is not scanned', judged({ images: [judgedImage({ scan: 'never' })] })],
    [
      'pass',
      'somebody has agreed to an image that cannot be scanned',
      judged({
        images: [judgedImage({ scan: 'unsupported', verdicts: [failed({ rule: 'scanned', exception: EXCEPTED })] })],
      }),
    ],
    ['unknown', 'not all was read', judged({ unread: ['its tags'] })],
  ])('is %s where %s', (verdict, _, record) => {
    expect(sweep([record]).report.verdict).toBe(verdict)
  })

  test('is fail also where not all is known, and unknown where there is nothing', () => {
    expect(sweep([judged({ verdicts: [failed()] })], listing(9)).report.verdict).toBe('fail')
    expect(sweep([judgedRegistry({ verdicts: [failed()] })]).report.verdict).toBe('fail')
    expect(sweep([]).report).toMatchObject({ verdict: 'unknown', coverage: { complete: true } })
  })
})
