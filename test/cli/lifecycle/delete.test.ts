import { stripVTControlCharacters } from 'node:util'
import { beforeEach, expect, test } from 'vitest'
import { sameCommand } from '../../../cli/lifecycle/same-command.ts'
import { rule, untagged } from '../../domain/lifecycle/lints/policies.ts'
import { lifecycleWorld } from './world.ts'

const here = lifecycleWorld()

beforeEach(() => {
  for (const repositoryName of ['ci/a', 'ci/b', 'ci/none']) here.aws.ecr.createRepository({ repositoryName })
  here.put('ci/a', [untagged({ priority: 1 }), rule({ priority: 2 })])
  here.put('ci/b', [rule()])
})

test('nothing is deleted without --yes', async () => {
  const { code, out, err } = await here.run(['delete', 'ci/*', '--region', here.aws.region], 120)
  expect(code).toBe(0)
  expect(stripVTControlCharacters(out)).toMatchInlineSnapshot(`
    "REPOSITORY  POLICY            
    ci/a        would be deleted  1: images without a tag: expire 7 days after their push; 2: images with a tag that fits
                                  "v*": the newest 10 stay, older ones expire
    ci/b        would be deleted  1: images with a tag that fits "v*": the newest 10 stay, older ones expire
    "
  `)
  expect(err).toBe(
    `Nothing was deleted. To delete them: ecr-steward lifecycle delete 'ci/*' --region ${here.aws.region} --yes\n`,
  )
  expect(here.policyOf('ci/a')).toBeDefined()
  expect(here.files()).toEqual([])
})

test('what is deleted is saved, and the line that is shown puts it back', async () => {
  const before = here.policyOf('ci/a')
  const { code, out, err } = await here.run(['delete', 'ci/a', '--yes'])
  expect([code, out.split('\t').slice(0, 2)]).toEqual([0, ['ci/a', 'deleted']])
  expect(here.policyOf('ci/a')).toBeUndefined()
  expect(here.policyOf('ci/b')).toBeDefined()
  const [, line = ''] = /ecr-steward (lifecycle apply .*)/.exec(err) ?? []
  await here.run(line.split(' ').slice(1))
  expect(here.policyOf('ci/a')).toBe(before)
})

test('what cannot be deleted does not keep the others from it', async () => {
  here.aws.authorize = ({ action, resource }) =>
    action === 'ecr:DeleteLifecyclePolicy' && resource.endsWith('/ci/a')
      ? { allowed: false, reason: 'no policy allows it' }
      : { allowed: true }
  const { code, out } = await here.run(['delete', 'ci/*', '--yes'])
  expect(code).toBe(4)
  expect(out.split('\n').map((line) => line.split('\t').slice(0, 2).join(' '))).toEqual([
    ...['ci/a failed', 'ci/b deleted', ''],
  ])
  expect((await here.run(['delete', 'ci/a', '--yes', '--json'])).out).toContain('"state": "failed"')
})

test('as JSON has the text', async () => {
  const text = here.policyOf('ci/b')
  const { out } = await here.run(['delete', 'ci/b', '--json'])
  expect(JSON.parse(out).repositories).toEqual([
    expect.objectContaining({ repository: 'ci/b', state: 'planned', why: null, text, undo: null }),
  ])
})

test('a repository without a policy is told where it is named', async () => {
  const { code, out, err } = await here.run(['delete', 'ci/none', '--yes'])
  expect([code, out, err]).toEqual([3, '', 'not judged: ci/none: it has no lifecycle policy\n'])
})

test('the line to delete has the profile, and is safe to paste', () => {
  expect(sameCommand('delete', ['ci/a', "it's"], { region: undefined, profile: 'my ops' })).toBe(
    `ecr-steward lifecycle delete ci/a 'it'\\''s' --profile 'my ops' --yes`,
  )
})
