import { describe, expect, test } from 'vitest'
import type { ApplyReport } from '../../../functions/domain/clean-up/outcome.ts'
import type { Plan } from '../../../functions/domain/clean-up/plan.ts'
import { isWorthTelling, toldPlan } from '../../../functions/domain/clean-up/telling.ts'
import { applied, plan, planItems } from './told.ts'

const DAY = 86_400_000
const THEN = new Date('2026-11-18T03:00:20Z')
const after = (days: number): Date => new Date(THEN.getTime() + days * DAY)

type Run = readonly [Plan, ApplyReport?]

/** Whether the second run is told, when the first was. */
const isToldAgain = (before: Run, run: Run, days: number): boolean =>
  isWorthTelling(run[0], run[1], toldPlan(before[0], before[1], THEN), after(days))

const nothing = plan({ items: [] })
const proposal = plan()
const another = plan({ items: planItems(3) })
const blocked = plan({ items: [], blocked: [{ repository: null, why: 'ecs is denied' }] })
const otherwise = plan({ items: [], blocked: [{ repository: null, why: 'lambda is denied' }] })
const idle = applied({ deleted: 0, freedBytes: 0 })
const stopped = applied({ deleted: 0, stopped: { by: 'stop-switch', why: 'it is on' } })

describe('the first run', () => {
  test.each([
    ['that finds nothing', [nothing], false],
    ['that proposes something', [proposal], true],
    ['that is blocked', [blocked], true],
    ['that removed something', [proposal, applied()], true],
    ['that archived something', [proposal, applied({ deleted: 0, archived: 1 })], true],
    ['that failed', [proposal, applied({ deleted: 0, failed: [{ repository: 'a', digest: 'b', why: 'c' }] })], true],
    ['that had nothing to remove', [nothing, idle], false],
    ['that was stopped', [proposal, stopped], true],
  ] as const)('%s', (_, run: Run, told) => {
    expect(isWorthTelling(run[0], run[1], undefined, THEN)).toBe(told)
  })
})

describe('a run after one that was told', () => {
  test.each([
    ['proposes the same a day later', [proposal], [proposal], 1, false],
    ['proposes the same a week later', [proposal], [proposal], 7, false],
    ['proposes more a day later', [proposal], [another], 1, false],
    ['proposes more a week later', [proposal], [another], 7, true],
    ['finds nothing', [proposal], [nothing], 7, false],
    ['is blocked all of a sudden', [proposal], [blocked], 1, true],
    ['is blocked as before', [blocked], [blocked], 1, false],
    ['is still blocked after a week', [blocked], [blocked], 7, true],
    ['is blocked for another reason', [blocked], [otherwise], 1, true],
    ['is no longer blocked', [blocked], [proposal], 1, true],
    ['is still stopped', [proposal, stopped], [proposal, stopped], 1, false],
    ['is still stopped after a week', [proposal, stopped], [proposal, stopped], 7, true],
    ['removed something again', [proposal, applied()], [proposal, applied()], 1, true],
  ] as const)('%s', (_, before: Run, run: Run, days, told) => {
    expect(isToldAgain(before, run, days)).toBe(told)
  })

  test('an hour too early is a week later all the same', () => {
    expect(isToldAgain([proposal], [another], 7 - 1 / 25)).toBe(true)
  })
})
