import { describe, expect, test } from 'vitest'
import {
  fixedSince,
  type Look,
  NOTHING_TOLD,
  type RepositoryState,
  rememberLook,
  repositoryKey,
} from '../../functions/domain/repository-state.ts'
import { against } from '../../functions/domain/told-verdicts.ts'
import type { Verdict } from '../../functions/domain/verdict.ts'
import { verdict as verdictOf } from '../builders.ts'
import { NOW, repository } from './rules/facts.ts'

const verdict = (rule: string, outcome: Verdict['outcome']): Verdict => verdictOf({ rule, outcome, reason: 'Because.' })

const state = (change: Partial<RepositoryState> = {}): RepositoryState => ({ ...NOTHING_TOLD, ...change })

const told = (...rules: string[]) =>
  Object.fromEntries(rules.map((rule) => [rule, { outcome: 'fail' as const, reason: 'Because.' }]))

function look(before: RepositoryState, verdicts: readonly Verdict[], change: Partial<Look> = {}): Look {
  return {
    verdicts,
    items: against(before.told, verdicts),
    enforcement: {},
    inForce: ['a', 'b', 'c'],
    now: NOW,
    ...change,
  }
}

const ALERTED = { isTold: true, isShown: true }
const UNHEARD = { isTold: false, isShown: false }

const at = NOW.toISOString()

describe('after a look at a repository', () => {
  test('what was told is remembered, and what passes is fixed', () => {
    const before = state({ told: told('a') })
    const verdicts = [verdict('a', 'pass'), verdict('b', 'fail')]
    expect(rememberLook(before, look(before, verdicts), ALERTED)).toEqual({
      told: told('b'),
      fixed: { a: { at, shown: true } },
      enforcement: {},
    })
  })

  test('what nobody was told of stays untold', () => {
    const before = state({ told: told('a', 'b') })
    const verdicts = [verdict('a', 'pass'), verdict('b', 'fail'), verdict('c', 'fail')]
    expect(rememberLook(before, look(before, verdicts), UNHEARD)).toMatchObject({
      told: told('b'),
      fixed: { a: { at } },
    })
  })

  test('what a rule said that is no longer in force is forgotten', () => {
    const before = state({ told: told('a', 'z') })
    expect(rememberLook(before, look(before, []), ALERTED).told).toEqual(told('a'))
  })

  test('what fails again is not fixed', () => {
    const before = state({ fixed: { a: { at } } })
    expect(rememberLook(before, look(before, [verdict('a', 'fail')]), ALERTED).fixed).toEqual({})
  })

  test('what was fixed a week ago is forgotten', () => {
    const before = state({ fixed: { a: { at: '2026-11-13T09:00:00.000Z' }, b: { at: '2026-11-13T09:00:00.001Z' } } })
    expect(Object.keys(rememberLook(before, look(before, []), UNHEARD).fixed)).toEqual(['b'])
  })

  test('the enforcement is as it was left', () => {
    const enforcement = { a: { doneAt: at } }
    expect(rememberLook(NOTHING_TOLD, look(NOTHING_TOLD, [], { enforcement }), UNHEARD).enforcement).toEqual(
      enforcement,
    )
  })
})

describe('what was fixed in silence', () => {
  test('goes with the next alert, once, as far as it still holds', () => {
    const before = state({ fixed: { a: { at }, b: { at }, c: { at, shown: true } } })
    const verdicts = [verdict('a', 'pass'), verdict('b', 'unknown'), verdict('c', 'pass'), verdict('d', 'pass')]
    expect(fixedSince(before, verdicts)).toEqual([{ verdict: verdicts[0], change: 'gone' }])
    const next = rememberLook(before, look(before, [verdict('a', 'pass')]), ALERTED)
    expect(next.fixed).toMatchObject({ a: { shown: true }, b: { at } })
    expect(next.fixed.b).not.toHaveProperty('shown')
    expect(fixedSince(next, verdicts)).toEqual([])
  })
})

test('a repository is told apart by account and region', () => {
  expect(repositoryKey(repository)).toBe('123456789012/ap-northeast-1/prod/api')
})
