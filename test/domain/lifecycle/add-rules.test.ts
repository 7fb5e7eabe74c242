import { describe, expect, test } from 'vitest'
import { addRules, isSamePolicy } from '../../../functions/domain/lifecycle/add-rules.ts'
import { ruleInWords } from '../../../functions/domain/lifecycle/in-words.ts'
import { policyText } from '../../../functions/domain/lifecycle/policy-text.ts'
import type { Rule } from '../../../functions/domain/lifecycle/rule.ts'
import { any, keep, rule, untagged } from './lints/policies.ts'

const added = (existing: readonly Rule[], wanted: readonly Rule[]): readonly string[] =>
  addRules(policyText(existing), wanted).rules?.map((one) => `${one.priority} ${ruleInWords(one)}`) ?? ['refused']

describe('rules are added', () => {
  test('after those that are there, before any', () => {
    expect(added([untagged({ priority: 1 }), any({ priority: 2 })], [rule({ priority: 1 })])).toEqual([
      '1 images without a tag: expire 7 days after their push',
      '2 images with a tag that fits "v*": the newest 10 stay, older ones expire',
      '3 all images: expire 90 days after their push',
    ])
  })

  test('unless one does the same already, whatever it is called', () => {
    const existing = [untagged({ priority: 3, description: 'left-overs' })]
    const same = addRules(policyText(existing), [untagged()])
    expect(same.rules).toEqual([expect.objectContaining({ priority: 3, description: 'left-overs' })])
    expect(isSamePolicy(policyText(existing), same.text ?? '')).toBe(true)
  })

  test('to nothing where the policy is none that is known', () => {
    const { rules } = addRules('{}', [rule({ priority: 7 })])
    expect(rules?.map(({ priority }) => priority)).toEqual([1])
  })

  test('not where ECR would refuse the two together', () => {
    const { faults } = addRules(policyText([untagged()]), [untagged({ count: keep(3) })])
    expect(faults?.[0]?.problem).toMatch(/untagged/)
  })
})

test.each<[string, string, string, boolean]>([
  ['however they are written', policyText([rule()]), policyText([rule()], 4), true],
  ['not with another count', policyText([rule()]), policyText([rule({ count: keep(9) })]), false],
  ['letter by letter where they are not known', '{}', '{}', true],
  ['not where one is not known', '{}', policyText([rule()]), false],
])('two texts are the same policy %s', (_, one, other, isSo) => expect(isSamePolicy(one, other)).toBe(isSo))
