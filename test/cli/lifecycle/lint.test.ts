import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { parsePolicy } from '../../../functions/domain/lifecycle/parse-policy.ts'
import { policyText } from '../../../functions/domain/lifecycle/policy-text.ts'
import { any, days, keep, rule, untagged } from '../../domain/lifecycle/lints/policies.ts'
import { lifecycleWorld } from './world.ts'

const here = lifecycleWorld()

const EATING = [
  untagged({ priority: 1 }),
  rule({ priority: 4, description: 'releases', prefixes: ['v', 'release-'], patterns: [], count: keep(100) }),
  any({ priority: 5 }),
]
const CLEAN = [rule({ prefixes: ['v'], patterns: [] })]

const fields = (out: string): string[][] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'))

test('a file on a terminal is told what it does not do, and what it should be', async () => {
  here.write('prod.json', policyText(EATING))
  const { code, out, err } = await here.run(['lint', 'prod.json'], 100)
  expect([code, err]).toEqual([1, ''])
  expect(stripVTControlCharacters(out)).toMatchInlineSnapshot(`
    "prod.json  3 rules: 1 error, 1 warning, 1 note

      error  rule 4  selection.tagPrefixList  needs-all-tags
        An image has to have a tag for every entry of the list: "v" and "release-". Almost no image has
        all of them. Those with one of them fall to rule 5 (all images: expire 90 days after their
        push).
        → Write a rule for each entry. The count then holds for each of them by itself.

      warning  rule 5  selection.tagStatus  expires-latest
        Where nothing is pushed for 90 days, the newest image expires too, latest among them, used or
        not.
        → Put a rule before it that keeps latest, and one that keeps the newest of what is deployed.

      note  rule 1  selection.tagStatus  untagged-in-use
        It also expires an image that runs by its digest alone, such as one whose tag has moved on.
        → Give what runs a tag that a rule before this one keeps: ECR does not know what runs.

      Mended as far as it is certain how (--json has the policy); read what it expires before you use
      it:
        rule 1: images without a tag: expire 7 days after their push
      - rule 4: images with a tag that starts with "v" and one that starts with "release-": the
      -     newest 100 stay, older ones expire (releases)
      - rule 5: all images: expire 90 days after their push
      + rule 4: images with a tag that starts with "v": the newest 100 stay, older ones expire
      +     (releases)
      + rule 5: images with a tag that starts with "release-": the newest 100 stay, older ones
      +     expire (releases)
      + rule 6: images with a tag that is "latest": the newest stays, older ones expire (the image
      +     that latest names stays)
      + rule 7: all images: expire 90 days after their push
    "
  `)
})

test.each([60, 80, 120])('no line is longer than a terminal of %i columns', async (columns) => {
  here.write('prod.json', policyText(EATING))
  here.write('bad.json', '{"rules": 1}')
  const { out } = await here.run(['lint', 'prod.json', 'bad.json'], columns)
  const lines = stripVTControlCharacters(out).split('\n')
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns)
})

test('in a pipe each finding is a line', async () => {
  here.write('prod.json', policyText(EATING))
  const { code, out } = await here.run(['lint', 'prod.json'])
  expect(code).toBe(1)
  expect(fields(out).map((line) => line.slice(0, 5))).toEqual([
    ['error', 'prod.json', '4', 'selection.tagPrefixList', 'needs-all-tags'],
    ['warning', 'prod.json', '5', 'selection.tagStatus', 'expires-latest'],
    ['note', 'prod.json', '1', 'selection.tagStatus', 'untagged-in-use'],
  ])
  expect(fields(out).every(({ length }) => length === 7)).toBe(true)
})

test('as JSON has the mended policy', async () => {
  here.write('prod.json', policyText(EATING))
  const { out } = await here.run(['lint', 'prod.json', '--json'])
  const { policies, outcome, missing } = JSON.parse(out)
  expect([outcome, missing]).toEqual(['fail', []])
  expect(policies[0].findings[0]).toMatchObject({ level: 'error', rule: 4, code: 'needs-all-tags' })
  expect(parsePolicy(JSON.stringify(policies[0].mended)).rules).toHaveLength(5)
})

test('what ECR would refuse is said in the same way', async () => {
  here.write('bad.json', policyText([rule({ count: { type: 'imageCountMoreThan', images: 0 } })]))
  const { code, out } = await here.run(['lint', 'bad.json'])
  expect(code).toBe(1)
  expect(fields(out)).toEqual([
    ['error', 'bad.json', '1', 'selection.countNumber', 'refused-by-ecr', expect.any(String), expect.any(String)],
  ])
  const onTerminal = await here.run(['lint', 'bad.json'], 100)
  expect(onTerminal.out).toContain('refused-by-ecr')
  const whole = here.write('none.json', 'hello')
  expect((await here.run(['lint', whole], 100)).out).toContain('policy')
  expect(JSON.parse((await here.run(['lint', whole, '--json'])).out).policies[0].mended).toBeNull()
})

test('a file that cannot be read is no finding', async () => {
  const { code, out, err } = await here.run(['lint', 'nowhere.json'])
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain('"nowhere.json" cannot be read (ENOENT).')
})

test('a file without the ending is a file where it is there', async () => {
  here.write('policy', policyText(CLEAN))
  const { code, out } = await here.run(['lint', 'policy'], 100)
  expect([code, stripVTControlCharacters(out)]).toEqual([0, 'policy  1 rule: nothing to say\n'])
})

test('of a repository its images tell', async () => {
  here.aws.ecr.createRepository({ repositoryName: 'prod/api' })
  here.put('prod/api', [any({ count: keep(5) })])
  here.push('prod/api', ['v1', 'v2', 'v3', 'pr-1', 'pr-2', 'pr-3', 'pr-4', 'pr-5', 'pr-6'])
  const { code, out } = await here.run(['lint', 'prod/api'])
  expect(code).toBe(1)
  expect(fields(out)[0]).toEqual([
    ...['warning', 'prod/api', '1', 'selection.countNumber', 'mixed-streams'],
    ...[expect.stringContaining('none stays of v*'), expect.any(String)],
  ])
})

test('several policies have a closing line, and a pattern names many', async () => {
  for (const name of ['prod/api', 'prod/web', 'prod/none']) here.aws.ecr.createRepository({ repositoryName: name })
  here.put('prod/api', CLEAN)
  here.put('prod/web', [rule({ count: days(3) })])
  here.write('clean.json', policyText(CLEAN))
  const { code, out, err } = await here.run(['lint', 'clean.json', 'prod/*'], 100)
  expect([code, err]).toEqual([0, ''])
  expect(stripVTControlCharacters(out)).toMatch(/^clean\.json.*\n\nprod\/api.*\n\nprod\/web {2}1 rule: 1 note/)
  expect(stripVTControlCharacters(out)).toMatch(/\n3 policies: 1 note\n$/)
  const both = await here.run(['lint', 'prod/api', 'prod/api', 'clean.json'], 100)
  expect(stripVTControlCharacters(both.out)).toMatch(/\n2 policies: nothing to say\n$/)
})

test.each([
  ['prod/none', 3, 'not judged: prod/none: it has no lifecycle policy'],
  ['prod/apu', 3, 'not judged: prod/apu: the repository is not there. Did you mean prod/api?'],
  ['nothing/*', 3, 'not judged: nothing/*: no repository matches it'],
  ['prod/api:1.0', 2, 'a lifecycle policy is of a whole repository'],
])('%s ends with %i', async (word, exit, message) => {
  for (const repositoryName of ['prod/none', 'prod/api']) here.aws.ecr.createRepository({ repositoryName })
  here.put('prod/api', CLEAN)
  const { code, err } = await here.run(['lint', word])
  expect(code).toBe(exit)
  expect(err).toContain(message)
})

test('a permission that is missing is told with the statement', async () => {
  here.aws.ecr.createRepository({ repositoryName: 'prod/api' })
  here.aws.authorize = ({ action }) =>
    action === 'ecr:GetLifecyclePolicy' ? { allowed: false, reason: 'no policy allows it' } : { allowed: true }
  const { code, err } = await here.run(['lint', 'prod/api', '-v'])
  expect(code).toBe(4)
  expect(err).toContain('"ecr:GetLifecyclePolicy"')
})
