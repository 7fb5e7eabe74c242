import { describe, expect, test } from 'vitest'
import { repositoryNaming } from '../../../functions/domain/rules/repository-naming.ts'
import { judge, repository } from './facts.ts'

const cases: readonly (readonly [string, object, string, string])[] = [
  ['team-a/api', {}, 'pass', 'The name is as it should be.'],
  ['team-a/web/api', {}, 'pass', 'The name is as it should be.'],
  ['api', {}, 'fail', 'The name has no namespace.'],
  ['api', { patterns: ['*'] }, 'pass', 'The name is as it should be.'],
  ['team-a/api', { namespaces: ['team-a'] }, 'pass', 'The name is as it should be.'],
  ['team-b/api', { namespaces: ['team-a', 'shared'] }, 'fail', 'The namespace is none of team-a, shared.'],
  ['team-a', { namespaces: ['team-a'], patterns: ['**'] }, 'fail', 'The name has no namespace.'],
  ['team-a/x/api', { patterns: ['*/*'] }, 'fail', 'The name is none of */*.'],
  ['team-a/api', { expressions: ['[a-z-]+/(api|web)'] }, 'pass', 'The name is as it should be.'],
  [
    'team-a/api2',
    { patterns: ['base/*'], expressions: ['[a-z-]+/(api|web)'] },
    'fail',
    'The name is none of base/*, [a-z-]+/(api|web).',
  ],
  ['base/x2', { patterns: ['base/*'], expressions: ['[a-z-]+/(api|web)'] }, 'pass', 'The name is as it should be.'],
  ['team-b/api', { namespaces: ['team-a'], expressions: ['.*'] }, 'fail', 'The namespace is none of team-a.'],
]

describe('repository-naming', () => {
  test.each(cases)('%s with %j', (name, parameters, outcome, reason) => {
    const ref = { ...repository, repository: name }
    expect(judge(repositoryNaming, {}, { ref, parameters: { ...parameters } })).toMatchObject({ outcome, reason })
  })
})
