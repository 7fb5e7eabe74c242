import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ImageRecord, RecordedFinding, RecordedVerdict } from '../../functions/domain/sweep/record.ts'
import { createKeptImages, LIMITS, type Limits } from '../../functions/sweep/kept-images.ts'
import { finding } from '../builders.ts'

const AT = '2026-11-28T03:00:00.000Z'
const AGREED = { state: 'excepted', reason: 'r', owner: 'o', expires: '2027-01-31', line: 1 } as const

const found = (severity: RecordedFinding['severity'], change: Partial<RecordedFinding> = {}): RecordedFinding => ({
  ...finding({ severity }),
  ...{ firstSeen: AT },
  ...change,
})
const said = (outcome: 'fail' | 'unknown', change: Partial<RecordedVerdict> = {}): RecordedVerdict => ({
  ...{ rule: 'platforms', outcome, severity: 'MEDIUM', mode: 'report', reason: 'r' },
  ...change,
})
const image = (
  digest: string,
  findings: readonly RecordedFinding[],
  verdicts: readonly RecordedVerdict[] = [],
): ImageRecord => ({
  ...{ digest, tags: [digest], pushedAt: AT, sizeBytes: 1, scan: 'complete', findings, verdicts },
})

function keep(images: readonly ImageRecord[], limits: Partial<Limits> = {}) {
  const kept = createKeptImages({ ...LIMITS, ...limits })
  for (const one of images) kept.add(one)
  return kept.end()
}
const digests = ({ images }: ReturnType<typeof keep>) => images.map(({ digest }) => digest)

test('the worst come first: by what counts of each severity, then by what is unknown', () => {
  const images = [
    image('clean', []),
    image('unknown', [], [said('unknown')]),
    image(
      'agreed',
      [found('CRITICAL', { exception: AGREED })],
      [said('fail', { severity: 'CRITICAL', exception: AGREED })],
    ),
    image('high', [found('HIGH'), found('HIGH')]),
    image('critical', [found('CRITICAL')]),
    image('fail', [found('LOW')], [said('fail')]),
    image('expired', [found('HIGH', { exception: { ...AGREED, state: 'expired' } })]),
  ]
  expect(digests(keep(images))).toEqual(['critical', 'high', 'expired', 'fail', 'unknown', 'agreed', 'clean'])
  expect(keep(images).omitted).toBeUndefined()
})

test('findings that are the same in all they say are one object, however many images have them', () => {
  const [again, later] = [found('HIGH'), found('HIGH', { firstSeen: '2026-11-01T03:00:00.000Z' })]
  const { images } = keep([image('a', [found('HIGH')]), image('b', [again]), image('c', [later])])
  const [a, b, c] = images.map(({ findings }) => findings[0])
  expect(b).toBe(a)
  expect([b, c]).toEqual([again, later])
})

test('images beyond the limit are counted, with all that they would add', () => {
  const old = '2026-11-01T03:00:00.000Z'
  const rest = image(
    'rest',
    [found('LOW'), found('LOW', { firstSeen: old }), found('LOW'), found('HIGH', { exception: AGREED })],
    [said('fail', { severity: 'LOW' }), said('unknown'), said('fail', { exception: AGREED })],
  )
  const { images, omitted } = keep([rest, image('worst', [found('CRITICAL')])], { images: 1 })
  expect(images.map(({ digest }) => digest)).toEqual(['worst'])
  expect(omitted).toEqual({
    ...{ images: 1, fails: 1, unknowns: 1, excepted: 2 },
    findings: [
      { severity: 'LOW', firstSeen: old, count: 1 },
      { severity: 'LOW', firstSeen: AT, count: 2 },
    ],
  })
})

test('of an image with very many findings the worst are held', () => {
  const { images, omitted } = keep([image('one', [found('HIGH'), found('LOW'), found('LOW')])], { findingsOfImage: 1 })
  expect(images[0]?.findings).toEqual([found('HIGH')])
  expect(omitted).toEqual({
    ...{ images: 0, fails: 0, unknowns: 0, excepted: 0 },
    findings: [{ severity: 'LOW', firstSeen: AT, count: 2 }],
  })
})

test('an image that does not fit with its findings makes room for one that does', () => {
  const images = [
    image('a', [found('HIGH'), found('HIGH')]),
    image('b', [found('HIGH')]),
    image('c', [found('CRITICAL')]),
  ]
  expect(digests(keep(images, { findings: 2 }))).toEqual(['c', 'b'])
})

test('nothing is lost between what is held and what is counted, and no limit is passed', () => {
  const severities = fc.constantFrom('CRITICAL', 'HIGH', 'LOW')
  const anyFinding = fc
    .record({ severity: severities, isAgreed: fc.boolean() })
    .map(({ severity, isAgreed }) => found(severity, isAgreed ? { exception: AGREED } : {}))
  const anyImage = fc.tuple(
    fc.array(anyFinding, { maxLength: 6 }),
    fc.array(fc.constantFrom(said('fail'), said('unknown'))),
  )
  const anyLimits = fc.record({
    ...{ images: fc.integer({ min: 1, max: 6 }), findings: fc.integer({ min: 1, max: 9 }) },
    findingsOfImage: fc.integer({ min: 1, max: 5 }),
  })
  fc.assert(
    fc.property(fc.array(anyImage, { maxLength: 30 }), anyLimits, (all, limits) => {
      const given = all.map(([findings, verdicts], index) => image(String(index), findings, verdicts))
      const { images, omitted } = keep(given, limits)
      const counting = (some: readonly ImageRecord[]) =>
        some.flatMap(({ findings }) => findings).filter((one) => one.exception === undefined).length
      const left = omitted?.findings.reduce((sum, { count }) => sum + count, 0) ?? 0
      expect(images.length + (omitted?.images ?? 0)).toBe(given.length)
      expect(counting(images) + left).toBe(counting(given))
      expect(images.length).toBeLessThanOrEqual(limits.images)
      expect(images.flatMap(({ findings }) => findings).length).toBeLessThanOrEqual(limits.findings)
    }),
  )
})
