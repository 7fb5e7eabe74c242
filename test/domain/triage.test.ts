import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Finding, findingKey } from '../../functions/domain/finding.ts'
import { SEVERITIES } from '../../functions/domain/severity.ts'
import { decide, remember, type Seen, type Told } from '../../functions/domain/triage.ts'
import { exception, finding } from '../builders.ts'

const a = finding({ id: 'CVE-A', package: 'a' })
const b = finding({ id: 'CVE-B', package: 'b|with a bar' })
const c = finding({ id: 'CVE-C', package: 'c', severity: 'CRITICAL' })

const told = (...findings: Finding[]): Told => remember({ findings })

describe('what is worth telling about an image', () => {
  test('is everything, the first time', () => {
    expect(decide(undefined, { findings: [a, b] }, 'HIGH')).toEqual({
      tell: true,
      changes: { fresh: [a, b], known: [], gone: [] },
    })
    expect(decide(undefined, { counts: { HIGH: 2 } }, 'HIGH')).toMatchObject({ tell: true })
  })

  test('is nothing when the same findings come again, in whatever order', () => {
    expect(decide(told(a, b), { findings: [b, a] }, 'HIGH')).toEqual({
      tell: false,
      reason: 'nothing new: told before',
    })
  })

  test('is what is new, with what is gone and what is known beside it', () => {
    expect(decide(told(a, b), { findings: [a, c] }, 'HIGH')).toEqual({
      tell: true,
      changes: { fresh: [c], known: [a], gone: [{ id: 'CVE-B', package: 'b|with a bar', severity: 'HIGH' }] },
    })
  })

  test('is not that something went away', () => {
    expect(decide(told(a, b), { findings: [a] }, 'HIGH')).toMatchObject({
      tell: false,
      reason: 'nothing new: told before, 1 of those told are gone',
    })
  })

  test('is a known finding that became worse, yet not one that became milder', () => {
    const worse = { ...a, severity: 'CRITICAL' } as const
    expect(decide(told(a), { findings: [worse] }, 'HIGH')).toMatchObject({ tell: true, changes: { fresh: [worse] } })
    expect(decide(told(worse), { findings: [a] }, 'HIGH')).toMatchObject({ tell: false })
  })

  test('is counts alone only when some severity has grown', () => {
    const before: Told = { counts: { CRITICAL: 1, HIGH: 4 } }
    expect(decide(before, { counts: { CRITICAL: 1, HIGH: 4 } }, 'HIGH')).toMatchObject({ tell: false })
    expect(decide(before, { counts: { CRITICAL: 1, HIGH: 3, MEDIUM: 9 } }, 'HIGH')).toMatchObject({ tell: false })
    expect(decide(before, { counts: { CRITICAL: 2, HIGH: 3 } }, 'HIGH')).toMatchObject({ tell: true })
    expect(decide(told(a, c), { counts: { CRITICAL: 1, HIGH: 1 } }, 'HIGH')).toMatchObject({ tell: false })
  })

  test('is only what is new, of findings that are not all that there is', () => {
    const decision = decide(told(a, b), { findings: [c, a], partial: true }, 'HIGH')
    expect(decision).toEqual({ tell: true, changes: { fresh: [c], known: [a], gone: [] } })
    expect(decide(told(a, b), { findings: [b], partial: true }, 'HIGH')).toEqual({
      tell: false,
      reason: 'nothing new: told before',
    })
  })

  test('is nothing when findings that are not all that there is were counted before', () => {
    const before: Told = { counts: { HIGH: 2 } }
    expect(decide(before, { findings: [a], partial: true }, 'HIGH')).toEqual({
      tell: false,
      reason: 'nothing new: the counts were told before',
    })
    expect(decide(before, { findings: [c], partial: true }, 'HIGH')).toMatchObject({ tell: true })
  })

  test('is nothing when the counts that were told can now be read, and then the findings are remembered', () => {
    expect(decide({ counts: { HIGH: 2 } }, { findings: [a, b] }, 'HIGH')).toMatchObject({
      tell: false,
      keep: told(a, b),
    })
    expect(decide({ counts: { HIGH: 1 } }, { findings: [a, b] }, 'HIGH')).toMatchObject({ tell: true })
  })
})

const findings = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3', 'CVE-4', '__proto__', 'constructor'),
    package: fc.constantFrom('x', 'y', 'toString'),
    severity: fc.constantFrom(...SEVERITIES),
  }),
  { selector: findingKey },
)

describe('whatever comes after whatever', () => {
  test('every finding is told, or was told at least as badly', () => {
    fc.assert(
      fc.property(findings, findings, (before, now) => {
        const decision = decide(remember({ findings: before }), { findings: now }, 'UNDEFINED')
        const fresh = new Set((decision.tell ? decision.changes.fresh : []).map(findingKey))
        for (const one of now) {
          const old = before.find((other) => findingKey(other) === findingKey(one))
          const wasAsBad = old !== undefined && SEVERITIES.indexOf(old.severity) <= SEVERITIES.indexOf(one.severity)
          expect(fresh.has(findingKey(one)) || wasAsBad).toBe(true)
        }
      }),
    )
  })

  test('what was just told is never told again', () => {
    fc.assert(
      fc.property(findings, (now) => {
        expect(decide(remember({ findings: now }), { findings: now }, 'UNDEFINED').tell).toBe(false)
      }),
    )
  })
})

describe('what is remembered of findings that are not all that there is', () => {
  const seen = { findings: [c], partial: true } as const

  test('is added to what was told', () => {
    expect(remember(seen, told(a))).toEqual(told(a, c))
    expect(remember(seen)).toEqual(told(c))
  })

  test('does not replace counts by a part of them', () => {
    expect(remember(seen, { counts: { HIGH: 3 } })).toEqual({ counts: { CRITICAL: 1, HIGH: 3 } })
    expect(remember({ findings: [c] }, { counts: { HIGH: 3 } })).toEqual(told(c))
  })
})

describe('what is excepted', () => {
  const until = exception({ finding: 'CVE-B', expires: '2027-01-31' })
  const seen = (findings: Finding[], excepted: Finding[], partial?: true): Seen => ({
    findings,
    excepted: excepted.map((one) => ({ finding: one, exception: until })),
    ...(partial && { partial }),
  })

  test('does not ring, and the reason says so', () => {
    expect(decide(undefined, seen([], [b]), 'HIGH')).toEqual({
      tell: false,
      reason: 'the only finding is excepted until 2027-01-31',
    })
    expect(decide(told(a), seen([], [b, c]), 'HIGH')).toEqual({
      tell: false,
      reason: 'all 2 findings are excepted, the first until 2027-01-31',
    })
  })

  test('is not gone', () => {
    expect(decide(told(a, b), seen([c], [b]), 'HIGH')).toMatchObject({
      tell: true,
      changes: { fresh: [c], gone: [{ id: 'CVE-A' }] },
    })
  })

  test('is forgotten where it was told before, and what is gone is not', () => {
    expect(decide(told(a, b, c), seen([a], [b]), 'HIGH')).toEqual({
      tell: false,
      reason: 'nothing new: told before, 1 of those told are gone',
      keep: told(a, c),
    })
    expect(decide(told(a, b), seen([], [b]), 'HIGH')).toMatchObject({ tell: false, keep: told(a) })
    expect(decide(told(a, b), seen([], [b], true), 'HIGH')).toMatchObject({ tell: false, keep: told(a) })
  })

  test('is news once it is not excepted any more', () => {
    const silence = decide(told(a, b), seen([a], [b]), 'HIGH')
    const kept = silence.tell ? undefined : silence.keep

    expect(decide(kept, { findings: [a, b] }, 'HIGH')).toMatchObject({ tell: true, changes: { fresh: [b] } })
  })

  test('is forgotten too where something else is told of a part', () => {
    expect(remember(seen([c], [b], true), told(a, b))).toEqual(told(a, c))
  })

  test('makes counts exact that were told before, unless it is only a part', () => {
    expect(decide({ counts: { HIGH: 2 } }, seen([], [b]), 'HIGH')).toMatchObject({ tell: false, keep: told() })
    expect(decide({ counts: { HIGH: 2 } }, seen([], [b], true), 'HIGH')).not.toHaveProperty('keep')
  })
})

describe('a finding whose exception has ended', () => {
  const seen = (expires: string, ...findings: Finding[]): Seen => ({
    findings,
    lapsed: new Map([[findingKey(b), exception({ finding: 'CVE-B', expires })]]),
  })
  const ended = seen('2026-11-19', a, b)

  test('is news once for each end, also where it was told before the exception', () => {
    expect(decide(told(a, b), ended, 'HIGH')).toMatchObject({ tell: true, changes: { fresh: [b], known: [a] } })
    const after = remember(ended, told(a, b))
    expect(after).toEqual({ ...told(a, b), lapsed: { [findingKey(b)]: '2026-11-19' } })
    expect(decide(after, ended, 'HIGH')).toMatchObject({ tell: false })
    expect(decide(after, seen('2026-12-19', a, b), 'HIGH')).toMatchObject({ tell: true, changes: { fresh: [b] } })
  })

  test('is news where only counts were told before: nobody knows whether it was among them', () => {
    expect(decide({ counts: { HIGH: 2 } }, ended, 'HIGH')).toMatchObject({ tell: true })
  })

  test('is known again once the exception is gone from the file', () => {
    expect(decide(remember(ended), { findings: [a, b] }, 'HIGH')).toMatchObject({ tell: false })
  })

  test('keeps its end where only a part is seen', () => {
    expect(remember({ findings: [c], partial: true }, remember(ended))).toEqual({
      ...told(a, b, c),
      lapsed: { [findingKey(b)]: '2026-11-19' },
    })
  })
})
