import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isBounded, TAG_STATUSES } from '../../../functions/domain/lifecycle/bounds.ts'
import { boundedLifecycle, mergeLifecycle } from '../../../functions/domain/lifecycle/merge.ts'
import type { LifecycleRule } from '../../../functions/domain/lifecycle/policy.ts'

const bounds = { untaggedDays: 30, keepTagged: 100 }
const expire = { type: 'expire' }
const archive = { type: 'transition' }
const tagged = (rulePriority: number, pattern = 'v*', action = expire): LifecycleRule => ({
  rulePriority,
  selection: { tagStatus: 'tagged', tagPatternList: [pattern] },
  action,
})
const any = (rulePriority: number, action = expire): LifecycleRule => ({
  rulePriority,
  selection: { tagStatus: 'any' },
  action,
})
const untagged = (rulePriority: number, action = expire): LifecycleRule => ({
  rulePriority,
  selection: { tagStatus: 'untagged' },
  action,
})
const wanted = { selection: { tagStatus: 'untagged' }, action: expire }

const priorities = (rules: readonly LifecycleRule[]) =>
  rules.map(({ rulePriority, selection }) => `${rulePriority} ${selection.tagStatus}`)

describe('a merged lifecycle policy', () => {
  test('has the new rules after the old ones', () => {
    expect(priorities(mergeLifecycle([tagged(1), tagged(7)], [wanted]))).toEqual(['1 tagged', '7 tagged', '8 untagged'])
    expect(priorities(mergeLifecycle([], [wanted, wanted]))).toEqual(['1 untagged', '2 untagged'])
  })

  test('keeps a rule for any last: as it is where there is room before it', () => {
    expect(priorities(mergeLifecycle([tagged(1), any(100)], [wanted]))).toEqual(['1 tagged', '2 untagged', '100 any'])
  })

  test('keeps a rule for any last: behind the new ones where there is no room', () => {
    expect(priorities(mergeLifecycle([tagged(1), any(2)], [wanted]))).toEqual(['1 tagged', '2 untagged', '3 any'])
  })

  test('keeps several rules for any in their order', () => {
    expect(mergeLifecycle([any(3, archive), any(2)], [wanted]).map(({ action }) => action.type)).toEqual([
      'expire',
      'expire',
      'transition',
    ])
  })

  test('keeps what it does not know of a rule', () => {
    const odd = { ...tagged(1), selection: { ...tagged(1).selection, countType: 'sinceFullMoon' }, note: 'x' }
    expect(mergeLifecycle([odd], [wanted])[0]).toBe(odd)
  })
})

describe('what a policy is offered', () => {
  test.each([
    ['nothing', [], ['untagged', 'tagged'], ['1 untagged', '2 tagged']],
    ['what it lacks alone', [untagged(1)], ['untagged', 'tagged'], ['1 untagged', '2 tagged']],
    ['a place before archiving', [any(5, archive)], ['untagged'], ['1 untagged', '5 any']],
  ] as const)('to one that has %s', (_, existing, statuses, expected) => {
    expect(priorities(boundedLifecycle(existing, statuses, bounds) ?? [])).toEqual(expected)
  })

  test.each([
    ['a second rule on untagged images', [untagged(1, archive)], ['untagged']],
    ['a rule that no image would reach', [tagged(1, '*', archive)], ['tagged']],
    ['more rules than ECR takes', Array.from({ length: 50 }, (_, n) => tagged(n + 1)), ['tagged']],
  ] as const)('is never %s', (_, existing, statuses) => {
    expect(boundedLifecycle(existing, statuses, bounds)).toBeUndefined()
  })

  test('bounds, keeps every rule, has unique priorities, and any last', () => {
    const action = fc.constantFrom(expire, archive)
    const body = fc.oneof(
      fc.tuple(fc.constantFrom('v*', '*'), action).map(
        ([pattern, one]) =>
          (n: number) =>
            tagged(n, pattern, one),
      ),
      action.map((one) => (n: number) => untagged(n, one)),
    )
    const existing = fc
      .tuple(fc.array(body, { maxLength: 5 }), fc.option(action), fc.integer({ min: 1, max: 3 }))
      .map(([bodies, last, gap]) => [
        ...bodies.map((make, index) => make(1 + index * gap)),
        ...(last ? [any(2 + bodies.length * gap, last)] : []),
      ])
    const property = fc.property(existing, fc.subarray([...TAG_STATUSES]), (rules, statuses) => {
      const merged = boundedLifecycle(rules, statuses, bounds)
      if (!merged) return
      expect(statuses.every((status) => isBounded(merged, status))).toBe(true)
      expect(new Set(merged.map((rule) => rule.rulePriority)).size).toBe(merged.length)
      const withoutPriority = (all: readonly LifecycleRule[]) =>
        all.map(({ selection, action: one }) => [selection, one])
      expect(withoutPriority(merged)).toEqual(expect.arrayContaining(withoutPriority(rules)))
      const ends = merged
        .toSorted((a, b) => a.rulePriority - b.rulePriority)
        .map(({ selection }) => selection.tagStatus)
      expect(ends.slice(0, -1)).not.toContain('any')
    })
    fc.assert(property, { numRuns: 1_000 })
  })
})
