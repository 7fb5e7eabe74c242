import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate } from '../../../functions/domain/lifecycle/evaluate.ts'
import { lintPolicy } from '../../../functions/domain/lifecycle/lint.ts'
import { mendPolicy } from '../../../functions/domain/lifecycle/mend.ts'
import { parsePolicy } from '../../../functions/domain/lifecycle/parse-policy.ts'
import { policyText } from '../../../functions/domain/lifecycle/policy-text.ts'
import { meetsTags } from '../../../functions/domain/lifecycle/tag-requirement.ts'
import { someImages, someRules, tag } from './lints/policies.ts'

const NOW = new Date('2026-11-25T12:00:00Z')

const isValid = (rules: Parameters<typeof policyText>[0]): boolean => parsePolicy(policyText(rules)).rules !== undefined

test('a shadowed rule never has an image of its own', () => {
  let shadowed = 0
  fc.assert(
    fc.property(someRules, someImages, (rules, images) => {
      const never = new Set(lintPolicy(rules).flatMap(({ code, rule }) => (code === 'shadowed' ? [rule] : [])))
      shadowed += never.size
      for (const { rule } of evaluate(rules, images, new Map(), NOW))
        if (rule !== null) expect(never).not.toContain(rule)
    }),
    { numRuns: 750 },
  )
  expect(shadowed).toBeGreaterThan(200)
})

test('no single tag meets a rule that needs several, nor any a rule of impossible ones', () => {
  let met = 0
  fc.assert(
    fc.property(someRules, fc.array(tag, { minLength: 1, maxLength: 20 }), (rules, tags) => {
      for (const { code, rule: priority } of lintPolicy(rules)) {
        const rule = rules.find((one) => one.priority === priority)
        if (!rule || (code !== 'needs-all-tags' && code !== 'impossible-tag')) continue
        for (const one of tags) expect(meetsTags(rule, [one])).toBe(false)
        met += 1
      }
    }),
    { numRuns: 500 },
  )
  expect(met).toBeGreaterThan(100)
})

test('what is said with images does not throw, and names rules that there are', () => {
  fc.assert(
    fc.property(someRules, someImages, (rules, images) => {
      for (const { rule } of lintPolicy(rules, { images, children: new Map() }))
        expect(rules.map(({ priority }) => priority)).toContain(rule)
    }),
    { numRuns: 500 },
  )
})

test('a mended policy is one that ECR takes', () => {
  let mended = 0
  fc.assert(
    fc.property(someRules.filter(isValid), someImages, (rules, images) => {
      for (const after of [mendPolicy(rules), mendPolicy(rules, { images, children: new Map() })]) {
        if (!after) continue
        mended += 1
        expect(parsePolicy(policyText(after)).faults).toBeUndefined()
      }
    }),
    { numRuns: 500 },
  )
  expect(mended).toBeGreaterThan(100)
})
