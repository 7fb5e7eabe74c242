import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate } from '../../../functions/domain/lifecycle/evaluate.ts'
import { withKept } from '../../../functions/domain/lifecycle/keeping-rules.ts'
import { parsePolicy } from '../../../functions/domain/lifecycle/parse-policy.ts'
import { policyText } from '../../../functions/domain/lifecycle/policy-text.ts'
import type { Rule } from '../../../functions/domain/lifecycle/rule.ts'
import { image, NOW } from '../clean-up/images.ts'

const rule = (change: Partial<Rule>): Rule => ({
  ...{ priority: 1, tagStatus: 'any', prefixes: [], patterns: [], storageClass: 'standard' },
  ...{ count: { type: 'sinceImagePushed', days: 30 }, action: 'expire', ...change },
})

test('a rule for each tag comes before the others, whose priorities stay where there is room', () => {
  const rules = [
    rule({ priority: 9 }),
    rule({ priority: 1, tagStatus: 'untagged' }),
    rule({ priority: 2, tagStatus: 'tagged', prefixes: ['pr-'] }),
  ]
  const kept = withKept(rules, ['v1', 'v2', 'v1'])
  expect(
    kept?.map(({ priority, patterns, prefixes, tagStatus }) => [priority, tagStatus, ...patterns, ...prefixes]),
  ).toEqual([
    [1, 'tagged', 'v1'],
    [2, 'tagged', 'v2'],
    [3, 'untagged'],
    [4, 'tagged', 'pr-'],
    [9, 'any'],
  ])
})

test('a policy that ECR would not take is none', () => {
  const tags = Array.from({ length: 50 }, (_, number) => `v${number}`)
  expect(withKept([], tags)).toHaveLength(50)
  expect(withKept([rule({})], tags)).toBeUndefined()
})

test('whatever the policy did, images with the tags stay, and nothing else goes that did not', () => {
  const counts: fc.Arbitrary<Rule['count']> = fc.oneof(
    fc.record({ type: fc.constant('imageCountMoreThan' as const), images: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ type: fc.constant('sinceImagePushed' as const), days: fc.integer({ min: 1, max: 90 }) }),
  )
  const first = fc.record({ prefix: fc.constantFrom('v', 'pr-', 'v1'), count: counts })
  const images = fc.array(fc.record({ hours: fc.integer({ min: 1, max: 3_000 }), kind: fc.constantFrom('v', 'pr-') }), {
    maxLength: 9,
  })
  fc.assert(
    fc.property(first, counts, images, fc.array(fc.nat(8), { maxLength: 4 }), ({ prefix, count }, any, drawn, used) => {
      const all = drawn.map(({ hours, kind }, number) => image(`${kind}${number}`, { hours }))
      const rules = [rule({ tagStatus: 'tagged', prefixes: [prefix], count }), rule({ priority: 2, count: any })]
      const tags = used.flatMap((number) => all[number]?.tags ?? [])
      const kept = parsePolicy(policyText(withKept(rules, tags) ?? [])).rules ?? []
      const goes = (by: readonly Rule[]) =>
        evaluate(by, all, new Map(), NOW)
          .filter(({ action }) => action !== 'keep')
          .map((verdict) => verdict.tags[0])
      expect(goes(kept).filter((tag) => tags.includes(tag ?? ''))).toEqual([])
      expect(goes(rules)).toEqual(expect.arrayContaining(goes(kept)))
    }),
  )
})
