import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Exception } from '../../functions/domain/exception.ts'
import { against, isNew, remember, type ToldVerdicts } from '../../functions/domain/told-verdicts.ts'
import { isOpen, type Verdict } from '../../functions/domain/verdict.ts'
import { verdict as verdictOf } from '../builders.ts'

const exception: Exception = {
  rule: 'a',
  repositories: ['**'],
  reason: 'r',
  owner: 'o',
  expires: '2027-01-31',
  line: 9,
}

const verdict = (change: Partial<Verdict> = {}): Verdict => verdictOf({ rule: 'a', reason: 'It fails.', ...change })

const FAIL: ToldVerdicts = { a: { outcome: 'fail', reason: 'It fails.' } }
const UNKNOWN: ToldVerdicts = { a: { outcome: 'unknown', reason: 'ECR answered AccessDeniedException.' } }

const changeOf = (told: ToldVerdicts, now: Verdict) => against(told, [now])[0]?.change

describe('a verdict against what was told', () => {
  test.each<[string, ToldVerdicts, Partial<Verdict>, string | undefined]>([
    ['a fail that was not told', {}, {}, 'new'],
    ['an unknown that was not told', {}, { outcome: 'unknown' }, 'new'],
    ['a fail that was told', FAIL, {}, 'known'],
    ['a fail for another reason', FAIL, { reason: 'It fails, and worse.' }, 'new'],
    ['a fail of what was unknown', UNKNOWN, {}, 'new'],
    ['an unknown of what failed: no better and no worse', FAIL, { outcome: 'unknown' }, 'known'],
    ['an unknown for another reason', UNKNOWN, { outcome: 'unknown', reason: 'throttled' }, 'known'],
    ['a pass of what failed', FAIL, { outcome: 'pass' }, 'gone'],
    ['what is not applicable any more', FAIL, { outcome: 'not-applicable' }, 'gone'],
    ['a pass of what was never told', {}, { outcome: 'pass' }, undefined],
    ['a fail that is excepted now', FAIL, { exception: { state: 'excepted', exception } }, 'known'],
    ['a fail whose exception has expired', {}, { exception: { state: 'expired', exception } }, 'new'],
  ])('is %s', (_, told, now, change) => {
    expect(changeOf(told, verdict(now))).toBe(change)
  })

  test('is not news because time has passed', () => {
    const told = { a: { outcome: 'fail' as const, reason: 'It is 112 days old, and may be 1 day.' } }
    expect(changeOf(told, verdict({ reason: 'It is 113.5 days old, and may be 2 days.' }))).toBe('known')
    expect(changeOf(told, verdict({ reason: 'It is 113 years old, and may be 200 MB.' }))).toBe('new')
  })
})

describe('what is remembered', () => {
  test('is what is open, with its reason, and nothing of what passes or is excepted', () => {
    const told = remember({ ...FAIL, b: { outcome: 'fail', reason: 'x' } }, [
      verdict({ outcome: 'pass' }),
      verdict({ rule: 'b', exception: { state: 'excepted', exception } }),
      verdict({ rule: 'c', reason: 'New.' }),
    ])
    expect(told).toEqual({ c: { outcome: 'fail', reason: 'New.' } })
  })

  test('of a fail that cannot be read for a while is the fail', () => {
    expect(remember(FAIL, [verdict({ outcome: 'unknown', reason: 'throttled' })])).toEqual(FAIL)
    expect(remember({}, [verdict({ outcome: 'unknown', reason: 'throttled' })])).toEqual({
      a: { outcome: 'unknown', reason: 'throttled' },
    })
  })

  test('of a rule that was not judged is what it was', () => {
    expect(remember(FAIL, [verdict({ rule: 'b', outcome: 'pass' })])).toEqual(FAIL)
  })
})

describe('whatever is judged', () => {
  const verdicts = fc.uniqueArray(
    fc.record({
      rule: fc.constantFrom('a', 'b', 'c', 'd'),
      outcome: fc.constantFrom('pass', 'fail', 'unknown', 'not-applicable'),
      reason: fc.constantFrom('One.', 'Two.', 'It is 3 days old.'),
    }),
    { selector: ({ rule }) => rule },
  )

  test('is news once, and never a second time while nothing changes', () => {
    fc.assert(
      fc.property(verdicts, verdicts, (before, now) => {
        const told = remember(remember({}, before.map(verdict)), now.map(verdict))
        expect(against(told, now.map(verdict)).filter(isNew)).toEqual([])
      }),
    )
  })

  test('and open, and was not told, is news', () => {
    fc.assert(
      fc.property(verdicts, (now) => {
        const all = now.map(verdict)
        const news = against({}, all).filter(isNew)
        expect(news.map((item) => item.verdict.rule)).toEqual(all.filter(isOpen).map(({ rule }) => rule))
      }),
    )
  })
})
