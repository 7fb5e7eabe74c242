import { stripVTControlCharacters } from 'node:util'
import { beforeEach, describe, expect, test } from 'vitest'
import { parsePolicy } from '../../../functions/domain/lifecycle/parse-policy.ts'
import { policyText } from '../../../functions/domain/lifecycle/policy-text.ts'
import { any, keep, numbered, rule, untagged } from '../../domain/lifecycle/lints/policies.ts'
import { configuration, imageManifest, indexManifest, member } from '../../policy/image/manifests.ts'
import { lifecycleWorld } from './world.ts'

const here = lifecycleWorld()

const BUILDS = [untagged({ priority: 1 }), rule({ priority: 2, prefixes: ['pr-'], patterns: [], count: keep(2) })]
const OTHER = [rule({ priority: 1, prefixes: ['v'], patterns: [], count: keep(50) })]
const WRONG = [rule({ priority: 1, prefixes: ['v', 'release-'], patterns: [] }), any({ priority: 2 })]

const FOLDER = /lifecycle-policies-2026-11-25T12-00-00Z/

/** `ci/a` has no policy and five builds, `ci/b` this one, `ci/c` another. */
beforeEach(() => {
  for (const repositoryName of ['ci/a', 'ci/b', 'ci/c']) here.aws.ecr.createRepository({ repositoryName })
  here.push('ci/a', numbered('pr-', 5).flat())
  here.put('ci/b', BUILDS)
  here.put('ci/c', OTHER)
  here.write('ci.json', policyText(BUILDS, 2))
})

const states = (out: string): readonly string[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t').slice(0, 6).join(' '))

const writes = (): readonly string[] =>
  here.aws.calls.map(({ operation }) => operation).filter((name) => /^(?:Put|Delete)Lifecycle/.test(name))

describe('without --yes', () => {
  test('nothing is written, and what would be is shown', async () => {
    const before = writes().length
    const { code, out, err } = await here.run(['apply', 'ci.json', 'ci/*'], 120)
    expect(code).toBe(3)
    expect(stripVTControlCharacters(out)).toMatchInlineSnapshot(`
      "ci.json  1 note

        note  rule 1  selection.tagStatus  untagged-in-use
          It also expires an image that runs by its digest alone, such as one whose tag has moved on.
          → Give what runs a tag that a rule before this one keeps: ECR does not know what runs.

      REPOSITORY  POLICY   IMAGES  KEEP  EXPIRE  ARCHIVE    FREED  A MONTH
      ci/a        gets it       5     2       3        0  6.28 kB    $0.00
      ci/b        has it        0     0       0        0      0 B    $0.00
      ci/c        left          0     0       0        0      0 B    $0.00  it has another policy: --merge adds to it,
                                                                            --replace puts this one in its place

      ci/c, with --replace
      - rule 1: images with a tag that starts with "v": the newest 50 stay, older ones expire
      + rule 1: images without a tag: expire 7 days after their push
      + rule 2: images with a tag that starts with "pr-": the newest 2 stay, older ones expire

      3 repositories: 1 gets it, 1 has it, 1 left. Of 5 images 3 would expire within a day: at most 6.28 kB and $0.00 a month.
      "
    `)
    expect(err).toBe(`Nothing was written. To write it: ecr-steward lifecycle apply ci.json 'ci/*' --yes\n`)
    expect(writes()).toHaveLength(before)
    expect(here.files()).toEqual(['ci.json'])
  })

  test('the line to write it has the options', async () => {
    const { err } = await here.run(['apply', 'ci.json', 'ci/c', '--replace', '--region', here.aws.region])
    expect(err).toContain(`apply ci.json ci/c --region ${here.aws.region} --replace --yes\n`)
    const merging = await here.run(['apply', 'ci.json', 'ci/c', '--merge'])
    expect(merging.err).toContain('apply ci.json ci/c --merge --yes\n')
  })

  test('in a pipe each repository is a line: state, name, images, keep, expire, archive', async () => {
    const { out, err } = await here.run(['apply', 'ci.json', 'ci/*'])
    expect(states(out)).toEqual(['put ci/a 5 2 3 0', 'same ci/b 0 0 0 0', 'refused ci/c 0 0 0 0'])
    expect(err).toContain('note: rule 1: ')
  })

  test('a repository that has it already needs nothing', async () => {
    const { code, err } = await here.run(['apply', 'ci.json', 'ci/b'])
    expect(code).toBe(0)
    expect(err).not.toContain('Nothing was written')
    expect(err).toContain('1 repository: 1 has it.')
  })
})

describe('with --yes', () => {
  test('it is written where there is none, byte for byte, and read back; another one is left alone', async () => {
    const other = here.policyOf('ci/c')
    const { code, out } = await here.run(['apply', 'ci.json', 'ci/*', '--yes'])
    expect(code).toBe(3)
    expect(states(out)).toEqual(['done ci/a 5 2 3 0', 'same ci/b 0 0 0 0', 'refused ci/c 0 0 0 0'])
    expect(here.policyOf('ci/a')).toBe(here.read('ci.json'))
    expect(here.policyOf('ci/c')).toBe(other)
    expect(here.files()).toEqual(['ci.json'])
  })

  test('a second time there is nothing to do', async () => {
    await here.run(['apply', 'ci.json', 'ci/a', '--yes'])
    const before = writes().length
    const { code, out } = await here.run(['apply', 'ci.json', 'ci/a', '--yes'])
    expect([code, states(out)]).toEqual([0, ['same ci/a 5 2 3 0']])
    expect(writes()).toHaveLength(before)
  })

  test('another one is replaced with --replace, saved, and can be put back by the line that is shown', async () => {
    const before = here.policyOf('ci/c')
    const { code, out } = await here.run(['apply', 'ci.json', 'ci/c', '--replace', '--yes'], 120)
    expect(code).toBe(0)
    expect(here.policyOf('ci/c')).toBe(here.read('ci.json'))
    const [, line = ''] = /(ecr-steward lifecycle apply \S+ ci\/c .*)/.exec(stripVTControlCharacters(out)) ?? []
    expect(line).toMatch(FOLDER)
    expect((await here.run(line.split(' ').slice(2))).code).toBe(0)
    expect(here.policyOf('ci/c')).toBe(before)
  })

  test('its rules are added with --merge', async () => {
    const shown = await here.run(['apply', 'ci.json', 'ci/c', '--merge'], 120)
    expect(stripVTControlCharacters(shown.out)).toContain(
      '+ rule 2: images without a tag: expire 7 days after their push',
    )
    const { code, out } = await here.run(['apply', 'ci.json', 'ci/c', '--merge', '--yes'])
    expect([code, states(out)]).toEqual([0, ['done ci/c 0 0 0 0']])
    const { rules = [] } = parsePolicy(here.policyOf('ci/c') ?? '')
    expect(rules.map(({ priority, prefixes }) => [priority, ...prefixes])).toEqual([[1, 'v'], [2], [3, 'pr-']])
    expect(here.files().some((name) => FOLDER.test(name))).toBe(true)
    const again = await here.run(['apply', 'ci.json', 'ci/c', '--merge', '--yes'])
    expect(states(again.out)).toEqual(['same ci/c 0 0 0 0'])
  })

  test.each([
    ['ECR would refuse together', [untagged({ count: keep(3) })], 'ECR would refuse the two together: '],
    [
      'leave one without an image',
      [rule({ patterns: ['*'] })],
      'the two together are wrong, rule 3: It never does anything',
    ],
  ])('rules that %s are not merged', async (_, existing, why) => {
    here.put('ci/c', existing)
    const before = here.policyOf('ci/c')
    const { code, out } = await here.run(['apply', 'ci.json', 'ci/c', '--merge', '--yes'])
    expect(code).toBe(3)
    expect(out).toContain(why)
    expect(here.policyOf('ci/c')).toBe(before)
  })
})

describe('a policy with errors', () => {
  test('is put nowhere', async () => {
    here.write('wrong.json', policyText(WRONG))
    const { code, out, err } = await here.run(['apply', 'wrong.json', 'ci/a', '--yes'])
    expect(code).toBe(1)
    expect(states(out)).toEqual(['put ci/a 5 5 0 0'])
    expect(err).toContain('error: rule 1: ')
    expect(err).toContain('The policy has errors, so it is put nowhere.')
    expect(here.policyOf('ci/a')).toBeUndefined()
    const onTerminal = await here.run(['apply', 'wrong.json', 'ci/a', '--yes'], 100)
    expect(stripVTControlCharacters(onTerminal.out)).toContain('Mend it: ecr-steward lifecycle lint wrong.json')
  })

  test('is right where the images show that it is meant so', async () => {
    const config = here.aws.ecr.repository('ci/a')?.images.values().next().value
    here.aws.ecr.putImage({ repositoryName: 'ci/a', imageManifest: config?.manifest ?? '', imageTag: 'v1' })
    here.aws.ecr.putImage({ repositoryName: 'ci/a', imageManifest: config?.manifest ?? '', imageTag: 'release-1' })
    here.write('wrong.json', policyText(WRONG))
    here.push('ci/c', ['v2'])
    const { code, err } = await here.run(['apply', 'wrong.json', 'ci/a', 'ci/c', '--replace', '--yes'])
    expect(code).toBe(0)
    expect(err).toContain('warning: rule 1: ci/c: An image has to have a tag for every entry')
  })

  test('that ECR would refuse is a mistake of the command line', async () => {
    here.write('bad.json', '{"rules": []}')
    const { code, err } = await here.run(['apply', 'bad.json', 'ci/a'])
    expect(code).toBe(2)
    expect(err).toContain('refused-by-ecr')
    expect(err).toContain('ECR would refuse the policy')
  })
})

describe('what goes wrong', () => {
  test('with one repository does not keep the others from it', async () => {
    here.aws.authorize = ({ action, resource }) =>
      action === 'ecr:PutLifecyclePolicy' && resource.endsWith('/ci/a')
        ? { allowed: false, reason: 'no policy allows it' }
        : { allowed: true }
    const { code, out, err } = await here.run(['apply', 'ci.json', 'ci/*', '--replace', '--yes'])
    expect(code).toBe(4)
    expect(states(out)).toEqual(['failed ci/a 5 2 3 0', 'same ci/b 0 0 0 0', 'done ci/c 0 0 0 0'])
    expect(out).toContain('ECR answered AccessDeniedException to PutLifecyclePolicy')
    expect(err).toContain('"ecr:PutLifecyclePolicy"')
    const shown = await here.run(['apply', 'ci.json', 'ci/a', '--yes'], 120)
    expect(stripVTControlCharacters(shown.out)).toMatch(/ci\/a +failed/)
  })

  test('with a throttle is asked again', async () => {
    here.aws.faults.inject({
      ...{ service: 'ecr', operation: 'PutLifecyclePolicy', times: 2 },
      error: { code: 'ThrottlingException' },
    })
    expect((await here.run(['apply', 'ci.json', 'ci/a', '--yes'])).code).toBe(0)
  })

  test('where somebody else changes it meanwhile is told, and nothing is written over it', async () => {
    let reads = 0
    here.aws.authorize = ({ action, resource }) => {
      if (action === 'ecr:GetLifecyclePolicy' && resource.endsWith('/ci/a')) reads += 1
      if (reads === 2) here.put('ci/a', OTHER)
      return { allowed: true }
    }
    const { code, out } = await here.run(['apply', 'ci.json', 'ci/a', 'ci/c', '--yes'])
    expect(code).toBe(3)
    expect(out).toContain('somebody else has changed it meanwhile')
    expect(here.policyOf('ci/a')).toBe(policyText(OTHER))
  })

  test('where ECR takes it and shows another is told', async () => {
    here.aws.faults.inject({
      ...{ service: 'ecr', operation: 'PutLifecyclePolicy', times: 1 },
      error: { body: '{}' },
    })
    const { code, out } = await here.run(['apply', 'ci.json', 'ci/a', '--yes'])
    expect(code).toBe(3)
    expect(out).toContain('ECR still shows another policy')
  })

  test('where the old one cannot be saved nothing is written', async () => {
    here.write(`lifecycle-policies-2026-11-25T12-00-00Z`, '')
    const before = here.policyOf('ci/c')
    const { code, out } = await here.run(['apply', 'ci.json', 'ci/c', '--replace', '--yes'])
    expect(code).toBe(3)
    expect(out).toContain('so the policy of ci/c is left as it is')
    expect(here.policyOf('ci/c')).toBe(before)
  })

  test.each([
    [['apply', 'nowhere.json', 'ci/a'], 'cannot be read (ENOENT)'],
    [['apply', 'ci.json'], 'missing required argument'],
    [['apply', 'ci.json', 'ci/a', '--replace', '--merge'], '--replace and --merge exclude each other.'],
  ])('%j is a mistake of the command line', async (argv, message) => {
    const { code, err } = await here.run(argv)
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })

  test('a repository that is not there is told', async () => {
    const { code, out, err } = await here.run(['apply', 'ci.json', 'ci/aa', '--yes'], 100)
    expect(code).toBe(3)
    expect(err).toContain('not judged: ci/aa: the repository is not there')
    expect(stripVTControlCharacters(out)).toContain('0 repositories: nothing to do.')
  })
})

test('as JSON has everything', async () => {
  const { out } = await here.run(['apply', 'ci.json', 'ci/*', '--json', '--replace', '--yes'])
  const result = JSON.parse(out)
  expect(result).toMatchObject({ schemaVersion: 1, policy: 'ci.json', isWritten: true, missing: [] })
  expect(result.repositories).toEqual([
    expect.objectContaining({ repository: 'ci/a', state: 'done', before: null, images: 5, expire: 3, undo: null }),
    expect.objectContaining({ repository: 'ci/b', state: 'same' }),
    expect.objectContaining({
      repository: 'ci/c',
      state: 'done',
      before: policyText(OTHER),
      undo: expect.stringMatching(FOLDER),
    }),
  ])
})

test('of many different changes the first are shown', async () => {
  for (let index = 1; index <= 7; index += 1) {
    here.aws.ecr.createRepository({ repositoryName: `many/${index}` })
    here.put(`many/${index}`, [rule({ count: keep(index) })])
  }
  const { out } = await here.run(['apply', 'ci.json', 'many/*', '--replace'], 120)
  expect(stripVTControlCharacters(out)).toContain('… and 2 other changes; --json has all')
  const stored = here.aws.ecr.repository('many/1')
  if (stored) stored.lifecyclePolicyText = '{"rules": [{"someday": 1}]}'
  const unknown = await here.run(['apply', 'ci.json', 'many/1', '--replace'], 120)
  expect(unknown.out).toContain('another form than is known here')
})

test('of very many repositories those are shown that something happens to, most that expires first', async () => {
  for (let index = 1; index <= 45; index += 1) here.aws.ecr.createRepository({ repositoryName: `many/${index}` })
  for (let index = 1; index <= 40; index += 1) here.put(`many/${index}`, BUILDS)
  here.push('many/45', numbered('pr-', 3).flat())
  const shown = stripVTControlCharacters((await here.run(['apply', 'ci.json', 'many/*'], 120)).out)
  expect(shown).toMatch(/A MONTH\nmany\/45 /)
  expect(shown).toContain('\n… and 40 more; --json has all\n')
  const written = await here.run(['apply', 'ci.json', 'many/*', '--yes'])
  expect(written.code).toBe(0)
  expect(states(written.out).filter((line) => line.startsWith('done '))).toHaveLength(5)
})

test('an image that an index lists is not what a rule on untagged images expires', async () => {
  const [amd, arm] = [configuration({ architecture: 'amd64' }), configuration({ architecture: 'arm64' })].map(
    (config) => {
      here.aws.ecr.putBlob('ci/a', config.text)
      const manifest = imageManifest(config)
      here.aws.ecr.putImage({ repositoryName: 'ci/a', imageManifest: manifest.text })
      return member(manifest)
    },
  )
  here.aws.ecr.putImage({ repositoryName: 'ci/a', imageManifest: indexManifest([amd, arm]).text, imageTag: 'v1' })
  here.write('untagged.json', policyText([untagged({ count: keep(1) })]))
  const { out } = await here.run(['apply', 'untagged.json', 'ci/a'])
  expect(states(out)).toEqual(['put ci/a 8 8 0 0'])
})
