import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Repository } from 'aws-cdk-lib/aws-ecr'
import { expect, it } from 'vitest'
import { GitHubActionsRole } from '../../infra/github-actions-role.ts'
import { stackOf } from './stack-of.ts'
import { list, statementsOf } from './synth.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../examples/pipelines/README.md'), 'utf8')

it('the role that the examples of pipelines show may do what they list for pushing and judging, and no more', () => {
  const { one } = stackOf((stack) => {
    const repositories = [Repository.fromRepositoryName(stack, 'Api', 'prod/api')]
    const subjects = [{ branch: 'main' }]
    new GitHubActionsRole(stack, 'Push', { gitHubRepository: 'acme/api', subjects, repositories })
  })
  const may = statementsOf(one('AWS::IAM::Policy')).flatMap(({ Action }) => list(Action))
  const listed = [...PAGE.matchAll(/^\| (?:push, pull request|gate) \|(.*?)\|/gm)]
    .flatMap(([, cell = '']) => [...cell.matchAll(/`(.*?)`/g)])
    .map(([, action]) => action)

  expect(new Set(listed)).toEqual(new Set(may))
})
