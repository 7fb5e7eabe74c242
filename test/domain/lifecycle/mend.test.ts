import { describe, expect, test } from 'vitest'
import { ruleInWords } from '../../../functions/domain/lifecycle/in-words.ts'
import { mendPolicy } from '../../../functions/domain/lifecycle/mend.ts'
import type { Rule } from '../../../functions/domain/lifecycle/rule.ts'
import { any, days, keep, rule, untagged } from './lints/policies.ts'

const mended = (rules: readonly Rule[]): readonly string[] | undefined =>
  mendPolicy(rules)?.map((one) => `${one.priority} ${ruleInWords(one)}`)

describe('a policy is mended', () => {
  test.each<[string, readonly Rule[], readonly string[]]>([
    [
      'by a rule for each entry, in order, with the same count',
      [rule({ priority: 4, prefixes: ['v', 'release-'], patterns: [] }), any({ priority: 5, count: keep(50) })],
      [
        '4 images with a tag that starts with "v": the newest 10 stay, older ones expire',
        '5 images with a tag that starts with "release-": the newest 10 stay, older ones expire',
        '6 all images: the newest 50 stay, older ones expire',
      ],
    ],
    [
      'without an entry that an earlier rule sees to',
      [rule({ priority: 2, patterns: ['v*'] }), rule({ priority: 7, patterns: ['v1*', 'x-*'] })],
      [
        '2 images with a tag that fits "v*": the newest 10 stay, older ones expire',
        '7 images with a tag that fits "x-*": the newest 10 stay, older ones expire',
      ],
    ],
    [
      'without an entry that is part of another',
      [rule({ patterns: ['v1*', 'v*', 'x*', 'x*'] })],
      [
        '1 images with a tag that fits "v*": the newest 10 stay, older ones expire',
        '2 images with a tag that fits "x*": the newest 10 stay, older ones expire',
      ],
    ],
    [
      'further, where a mended rule leaves nothing for a later one',
      [rule({ patterns: ['v*', 'x*'] }), rule({ priority: 2, patterns: ['x1*'] })],
      [
        '1 images with a tag that fits "v*": the newest 10 stay, older ones expire',
        '2 images with a tag that fits "x1*": the newest 10 stay, older ones expire',
        '3 images with a tag that fits "x*": the newest 10 stay, older ones expire',
      ],
    ],
    [
      'by putting a narrower rule first',
      [rule({ priority: 1, patterns: ['*'] }), untagged({ priority: 2 }), rule({ priority: 3, count: keep(99) })],
      [
        '1 images with a tag that fits "v*": the newest 99 stay, older ones expire',
        '2 images with a tag that fits "*": the newest 10 stay, older ones expire',
        '3 images without a tag: expire 7 days after their push',
      ],
    ],
    [
      'by leaving out a second one',
      [rule({ priority: 1 }), rule({ priority: 2, count: keep(99) })],
      ['1 images with a tag that fits "v*": the newest 10 stay, older ones expire'],
    ],
    [
      'by a rule that keeps latest',
      [any({ priority: 1 })],
      [
        '1 images with a tag that is "latest": the newest stays, older ones expire',
        '2 all images: expire 90 days after their push',
      ],
    ],
    [
      'by patterns in place of prefixes that were meant as such',
      [rule({ prefixes: ['v*'], patterns: [] })],
      ['1 images with a tag that fits "v*": the newest 10 stay, older ones expire'],
    ],
    [
      'by a wildcard',
      [rule({ patterns: ['release-'] })],
      ['1 images with a tag that fits "release-*": the newest 10 stay, older ones expire'],
    ],
  ])('%s', (_, rules, expected) => expect(mended(rules)).toEqual(expected))

  test('keeping descriptions and everything else of its rules', () => {
    const rules = [rule({ description: 'releases', patterns: ['r-'], count: days(3) })]
    const [one] = mendPolicy(rules) ?? []
    expect(one).toEqual(rule({ description: 'releases', patterns: ['r-*'], count: days(3) }))
  })
})

test('there is nothing to mend where all is well, or where nobody can say how', () => {
  expect(mended([untagged()])).toBeUndefined()
  expect(mended([rule({ patterns: ['-x'] })])).toBeUndefined()
  expect(mended([rule({ patterns: ['latest'], count: days(9) })])).toBeUndefined()
})

test('nothing is proposed that ECR would not take', () => {
  // A second rule with the prefix v.
  const rules = [
    rule({ priority: 1, prefixes: ['v', 'x'], patterns: [] }),
    rule({ priority: 2, prefixes: ['v'], patterns: [] }),
  ]
  expect(mended(rules)).toBeUndefined()
})

test('a rule of which several things are said is mended of all', () => {
  expect(mended([rule({ patterns: ['a-', 'b-'] })])).toEqual([
    '1 images with a tag that fits "a-*": the newest 10 stay, older ones expire',
    '2 images with a tag that fits "b-*": the newest 10 stay, older ones expire',
  ])
})
