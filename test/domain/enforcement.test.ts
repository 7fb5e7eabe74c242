import { describe, expect, test } from 'vitest'
import type { Pending } from '../../functions/domain/enforcement.ts'
import { done, failed, type RuleEnforcement, stepFor } from '../../functions/domain/enforcement.ts'

const T = Date.parse('2026-11-20T09:00:00Z')
const at = (minutes: number): Date => new Date(T + minutes * 60_000)
const iso = (minutes: number): string => at(minutes).toISOString()

const pending = { at: iso(0) } as Pending

describe('a fail', () => {
  test('that nothing was ever done about is put right', () => {
    expect(stepFor(undefined, at(0))).toEqual({ step: 'remedy', next: {} })
  })

  test('of what was put right is counted as changed back, and put right again', () => {
    expect(stepFor({ doneAt: iso(0) }, at(9))).toEqual({
      step: 'remedy',
      next: { doneAt: iso(0), reverts: [iso(9)] },
    })
  })

  test('that comes back the second time within an hour is left alone for a day', () => {
    const step = stepFor({ doneAt: iso(9), reverts: [iso(9)] }, at(69))
    expect(step).toEqual({ step: 'stop', next: { restsUntil: iso(69 + 24 * 60) } })
  })

  test('that comes back after more than an hour is put right', () => {
    expect(stepFor({ doneAt: iso(9), reverts: [iso(9)] }, at(70))).toMatchObject({
      step: 'remedy',
      next: { reverts: [iso(70)] },
    })
  })

  test('of a rule that rests is left alone until it has rested', () => {
    const resting: RuleEnforcement = { restsUntil: iso(60), failed: 'refused' }
    expect(stepFor(resting, at(59))).toEqual({ step: 'rest' })
    expect(stepFor(resting, at(60))).toEqual({ step: 'remedy', next: { failed: 'refused' } })
  })

  test('whose remedy was cut off is no revert', () => {
    const before: RuleEnforcement = { doneAt: iso(0), reverts: [iso(5)], pending }
    expect(stepFor(before, at(6))).toEqual({ step: 'remedy', next: before })
  })
})

describe('what is remembered of a remedy', () => {
  test('that took effect is when, and how often it was changed back before', () => {
    expect(done({ reverts: [iso(1)], failed: 'refused', pending }, at(2))).toEqual({
      doneAt: iso(2),
      reverts: [iso(1)],
    })
    expect(done({}, at(2))).toEqual({ doneAt: iso(2) })
  })

  test('that did not is why, and when to try again', () => {
    expect(failed('refused', at(0))).toEqual({ restsUntil: iso(60), failed: 'refused' })
  })
})
