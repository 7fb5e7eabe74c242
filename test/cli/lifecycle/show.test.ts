import { stripVTControlCharacters } from 'node:util'
import { beforeEach, expect, test } from 'vitest'
import { any, rule, untagged } from '../../domain/lifecycle/lints/policies.ts'
import { lifecycleWorld } from './world.ts'

const here = lifecycleWorld()
const RULES = [untagged({ priority: 1 }), rule({ priority: 4, description: 'releases\u001b[2J' }), any({ priority: 5 })]

beforeEach(() => {
  for (const repositoryName of ['prod/api', 'prod/new']) here.aws.ecr.createRepository({ repositoryName })
  here.put('prod/api', RULES)
})

test('a policy is shown rule by rule', async () => {
  const { code, out } = await here.run(['show', 'prod/*'], 100)
  expect(code).toBe(0)
  expect(stripVTControlCharacters(out)).toMatchInlineSnapshot(`
    "prod/api
      rule 1  images without a tag: expire 7 days after their push
      rule 4  images with a tag that fits "v*": the newest 10 stay, older ones expire (releases�[2J)
      rule 5  all images: expire 90 days after their push

    prod/new  no lifecycle policy: nothing expires
    "
  `)
})

test('in a pipe each rule is a line', async () => {
  const { out } = await here.run(['show', 'prod/api', 'prod/new'])
  expect(out.split('\n').map((line) => line.split('\t'))).toEqual([
    ['prod/api', '1', 'images without a tag: expire 7 days after their push', ''],
    ['prod/api', '4', 'images with a tag that fits "v*": the newest 10 stay, older ones expire', 'releases�[2J'],
    ['prod/api', '5', 'all images: expire 90 days after their push', ''],
    [''],
  ])
})

test('as JSON has the text', async () => {
  const { out } = await here.run(['show', 'prod/*', '--json'])
  const { repositories, missing } = JSON.parse(out)
  expect(repositories).toEqual([
    { account: here.aws.account, region: here.aws.region, repository: 'prod/api', text: here.policyOf('prod/api') },
    { account: here.aws.account, region: here.aws.region, repository: 'prod/new', text: null },
  ])
  expect(missing).toEqual([])
})

test('a policy that is not known yet is not guessed at', async () => {
  const stored = here.aws.ecr.repository('prod/api')
  if (stored) stored.lifecyclePolicyText = '{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "someday"}}]}'
  expect((await here.run(['show', 'prod/api'], 100)).out).toContain('another form than is known here')
  expect((await here.run(['show', 'prod/api'])).out).toBe('')
})

test('without a repository nothing is shown', async () => {
  const { code, err } = await here.run(['show'])
  expect([code, err]).toEqual([2, expect.stringContaining('missing required argument')])
})

test('what is not there is told', async () => {
  const { code, err } = await here.run(['show', 'prod/apu', 'prod/api'])
  expect([code, err]).toEqual([3, expect.stringContaining('Did you mean prod/api?')])
})
