import { expect, test } from 'vitest'
import { baseRepositoriesOf } from '../../../functions/policy/image/bases.ts'

const entry = (mode: 'off' | 'report', repositories: readonly string[], rule = 'base-image') => ({
  repositories: ['**'],
  rules: [{ rule, mode, parameters: { repositories }, line: 1 }],
})

test('the base repositories are those of every entry, once', () => {
  const policy = [entry('report', ['base/node', 'base/java']), entry('report', ['base/node'])]
  expect(baseRepositoriesOf(policy)).toEqual(['base/node', 'base/java'])
})

test('a rule that is off, and another rule, name none', () => {
  expect(baseRepositoriesOf([entry('off', ['a']), entry('report', ['b'], 'other')])).toEqual([])
})
