import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PlanError } from '../../../functions/domain/clean-up/plan-error.ts'
import { openPlan, planId, planText, sealPlan } from '../../../functions/domain/clean-up/seal.ts'
import { plan, planDraft, planItem } from './plans.ts'

const messageOf = (text: string): string => {
  try {
    openPlan(text)
    return 'opened'
  } catch (error) {
    expect(error).toBeInstanceOf(PlanError)
    expect((error as PlanError).next).toMatch(/clean-up plan/)
    return (error as PlanError).message
  }
}

test('a plan is read as it was written', () => {
  expect(openPlan(planText(plan()))).toEqual(plan())
})

test('neither the order of keys nor spaces are an edit', () => {
  const { hash, ...draft } = plan()
  const turned = Object.fromEntries(Object.entries(draft).toReversed())
  expect(openPlan(JSON.stringify({ hash, ...turned }))).toEqual(plan())
  expect(sealPlan(turned as typeof draft).hash).toBe(hash)
})

test.each([
  ['{"version": 1, "items": [', 'It is not JSON, or only a part of a plan.'],
  ['', 'It is not JSON, or only a part of a plan.'],
  ['[]', 'It is JSON, but no plan of a clean-up.'],
  ['{"images": []}', 'It is JSON, but no plan of a clean-up.'],
  ['{"version": 2, "hash": ""}', 'It is of version 2, and this ecr-steward knows 1 alone.'],
  ['{"version": "x\\n", "hash": ""}', 'It is of version "x\\n", and this ecr-steward knows 1 alone.'],
])('%s is no plan: %s', (text, message) => {
  expect(messageOf(text)).toBe(message)
})

test('a plan that is sealed, and yet none, is told with the place', () => {
  expect(messageOf(planText(plan({ items: [planItem({ digest: 'latest' })] })))).toBe(
    'It is not as a plan has to be: items.0.digest.',
  )
  expect(messageOf(planText(sealPlan({ ...planDraft(), id: 'X' })))).toBe('It is not as a plan has to be: id.')
})

const EDITED = 'It is not as it was made: its hash does not fit, so somebody has edited it.'

test('an edit by hand is seen, also of what nobody reads', () => {
  const { hash } = plan()
  const other = planItem({ digest: `sha256:${'b2'.repeat(32)}` })
  expect(messageOf(planText({ ...plan(), items: [other] }))).toBe(EDITED)
  expect(messageOf(planText({ ...plan(), items: [] }))).toBe(EDITED)
  expect(messageOf(planText({ ...plan(), hash: '0'.repeat(64) }))).toBe(EDITED)
  expect(messageOf(JSON.stringify({ ...plan(), note: 'mine' }))).toBe(EDITED)
  expect(messageOf(planText({ ...planDraft({ expiresAt: '2027-11-29T03:00:00.000Z' }), hash }))).toBe(EDITED)
})

test('no single letter of the text can be another one and mean something else', () => {
  const text = planText(
    plan({ protected: [{ repository: 'ci/web', digest: planItem().digest, tags: ['é'], by: ['x'] }] }),
  )
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom('0', '7', 'a', 'Z', '"', ',', ' ', '}'), (at, letter) => {
      const changed = text.slice(0, at) + letter + text.slice(at + 1)
      try {
        expect(openPlan(changed)).toEqual(openPlan(text))
      } catch (error) {
        expect(error).toBeInstanceOf(PlanError)
      }
    }),
  )
})

test('a plan is called by its instant', () => {
  expect(planId(new Date('2026-11-28T03:00:00.123Z'), 'k3j9')).toBe('2026-11-28t03-00-00z-k3j9')
})
