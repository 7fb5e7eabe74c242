import { describe, expect, test } from 'vitest'
import { createClock } from '../../local/clock.ts'

const START = Date.parse('2026-03-01T00:00:00Z')

describe('the virtual clock', () => {
  test('flows on from its start', () => {
    const clock = createClock(START)
    const first = clock.now()
    expect(first).toBeGreaterThanOrEqual(START)
    expect(clock.now()).toBeGreaterThanOrEqual(first)
  })

  test('advances, and never backwards', () => {
    const clock = createClock(START)
    clock.advanceTo(START + 60_000)
    clock.advanceTo(START)
    expect(clock.now()).toBeGreaterThanOrEqual(START + 60_000)
  })

  test('can be set backwards on purpose', () => {
    const clock = createClock(START)
    clock.set(START - 60_000)
    expect(clock.now()).toBeLessThan(START)
  })

  test('says how far it is ahead of the machine', () => {
    const clock = createClock()
    clock.advanceTo(Date.now() + 3_600_000)
    expect(Math.round(clock.offset / 60_000)).toBe(60)
  })

  test('refuses what is not an instant', () => {
    expect(() => createClock().set(Number.NaN)).toThrow(TypeError)
  })
})
