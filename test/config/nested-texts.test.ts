import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../config/parse.ts'
import { expectFaultsInside } from './inside.ts'
import { around, NOW } from './read.ts'

describe('a text that holds itself, or grows when it is read, is refused', () => {
  const alias = (name: string) => `[${`*${name},`.repeat(9)}]`

  it.each([
    ['mappings as keys of mappings', `${'{'.repeat(300)}${'}'.repeat(300)}`],
    [
      'aliases of aliases',
      `a: &a [x]\nb: &b ${alias('a')}\nc: &c ${alias('b')}\nd: &d ${alias('c')}\nalerts: ${alias('d')}`,
    ],
    ['a list that holds itself', 'alerts: &a [*a]'],
    ['a mapping that holds itself', 'alerts: [&a { repositories: ["**"], to: *a }]'],
    ['a policy that holds itself', 'policy: &a [{ repositories: *a, rules: *a }]'],
    [
      'a rule that holds itself',
      `${around('policy:')} [{ repositories: ["**"], rules: { tag-naming: &a { patterns: [*a] } } }]`,
    ],
    ['an exception that holds itself', 'exceptions: [&a { rule: *a, repositories: [*a], tags: *a, reason: *a }]'],
  ])('%s', (_, text) => {
    expectFaultsInside(text)
    expect(parseConfig(text, 'steward.yaml', NOW)).toHaveProperty('faults')
  })
})
