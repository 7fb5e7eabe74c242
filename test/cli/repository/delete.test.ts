import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from 'vitest'
import { elsewhereWords } from '../../../cli/repository/elsewhere.ts'
import { accessPolicy } from '../../../functions/domain/new-repository/access.ts'
import { newRepository } from '../../../functions/domain/new-repository/new-repository.ts'
import { envOf } from '../../adapters/env.ts'
import { manifestOf, push } from '../../clean-up/registry.ts'
import { hasCli, withCli } from '../../reliability/aws-cli.ts'
import { bundled } from '../cli.ts'
import { repositoryWorld } from './world.ts'

const here = repositoryWorld()

const IMAGE = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/team-a/old'
const [ONE, TWO] = [manifestOf('one'), manifestOf('two')]
const MADE = newRepository({ repositoryName: 'team-a/old', tagExclusions: ['dev-*'], tags: { owner: 'team-a' } })

/** `team-a/old` with two images and three tags, `team-a/empty` with neither. */
beforeEach(() => {
  here.aws.ecr.createRepository(MADE.create as never)
  here.aws.ecr.createRepository({ repositoryName: 'team-a/empty' })
  here.aws.call('ecr', 'PutLifecyclePolicy', {
    repositoryName: 'team-a/old',
    lifecyclePolicyText: MADE.lifecyclePolicyText,
  })
  push(here.aws, 'team-a/old', ONE, 40, '1.0')
  push(here.aws, 'team-a/old', ONE, 40, 'stable')
  push(here.aws, 'team-a/old', TWO, 30, '2.0')
})

const isThere = (name = 'team-a/old') => here.aws.ecr.repository(name) !== undefined
const deletes = () =>
  here.aws.calls.filter(({ operation }) => operation === 'DeleteRepository').map(({ input }) => input)
/** Does something just before a call is answered the second time. */
function atSecond(service: string, operation: string, act: () => unknown): void {
  let calls = 0
  const when = (): boolean => {
    calls += 1
    if (calls === 2) act()
    return false
  }
  here.aws.faults.inject({ service, operation, when, error: { delayMs: 0 } })
}

const FORCED = ['delete', 'team-a/old', '--force', '--yes']

describe('repository delete', () => {
  test('deletes an empty one at once, without asking what is in use, and keeps what makes it again', async () => {
    const { code, out, err } = await here.run(['delete', 'team-a/empty'])
    expect([code, out, isThere('team-a/empty')]).toEqual([0, 'deleted\tteam-a/empty\t0\t0\t0\t\n', false])
    expect(deletes()).toEqual([{ registryId: here.aws.account, repositoryName: 'team-a/empty', force: false }])
    expect(here.aws.calls.filter(({ service }) => service === 'ecs')).toEqual([])
    const [file = ''] = here.files()
    expect(err).toBe(
      `Settings and policies are saved. To make it again, without its images:\n  aws ecr create-repository --region ${here.aws.region} --cli-input-json file://${file}\n`,
    )
    expect(JSON.parse(here.read(file))).toMatchObject({ repositoryName: 'team-a/empty', imageTagMutability: 'MUTABLE' })
  })

  test('refuses one with images without --force, and shows what would go', async () => {
    const { code, out } = await here.run(['delete', 'team-a/old'], 100)
    expect([code, isThere(), here.files()]).toEqual([2, true, []])
    expect(out).toMatchInlineSnapshot(`
      "team-a/old  refused
        2 images with 3 tags, 4.19 kB, less than $0.01 a month at most; last pushed 30 days ago, never
        pulled.
        it holds 2 images, and --force does not say that they go
          → Add --force, which deletes them with it, for ever.
      "
    `)
    const piped = await here.run(['delete', 'team-a/old'])
    expect(piped.out).toMatch(
      /^refused\tteam-a\/old\t2\t3\t\d+\tit holds 2 images, and --force does not say that they go\n$/,
    )
    expect(piped.err).toContain('refused: team-a/old: it holds 2 images')
  })

  test('at a pipe --force asks for --yes before anything is called', async () => {
    const { code, err } = await here.run(['delete', 'team-a/old', '--force', '--region', here.aws.region])
    expect([code, here.aws.calls, isThere()]).toEqual([2, [], true])
    const line = `ecr-steward repository delete team-a/old --region ${here.aws.region} --force`
    expect(err).toContain(`  What would go: ${line} --dry-run\n  To delete it without being asked: ${line} --yes\n`)
  })

  test('with --force and --yes it goes with its images', async () => {
    const { code, out } = await here.run([...FORCED, '--json'])
    const [repository] = JSON.parse(out).repositories
    expect([code, isThere()]).toEqual([0, false])
    expect(repository).toMatchObject({
      ...{ repository: 'team-a/old', state: 'deleted', images: 2, tags: 3, archivedBytes: 0, reasons: [], why: null },
      ...{ pushedAt: '2026-10-29T03:00:00.000Z', pulledAt: null, undo: expect.stringContaining('create-repository') },
    })
    expect(deletes()).toEqual([{ registryId: here.aws.account, repositoryName: 'team-a/old', force: true }])
    const saved = here.files().map((name) => name.replace(/.*\/team-a\//, ''))
    expect(saved).toEqual(['old.json', 'old.lifecycle.json'])
    expect(JSON.parse(here.read(here.files()[0] ?? ''))).toEqual(MADE.create)
  })

  test('--dry-run deletes nothing, and says how it would end', async () => {
    const { code, out, err } = await here.run(['delete', 'team-a/old', 'team-a/empty', '--force', '--dry-run'])
    expect([code, out.split('\n').map((line) => line.split('\t')[0])]).toEqual([0, ['planned', 'planned', '']])
    expect(err).toContain(
      'Nothing was deleted. To delete: ecr-steward repository delete team-a/old team-a/empty --force\n',
    )
    expect([deletes(), here.files()]).toEqual([[], []])
  })

  test('tells what is not there, and takes neither patterns nor images', async () => {
    const { code, err } = await here.run(['delete', 'team-a/ald', '--yes'])
    expect([code, err]).toEqual([3, expect.stringContaining('Did you mean team-a/old?')])
    const pattern = await here.run(['delete', 'team-a/*'])
    expect([pattern.code, pattern.err]).toEqual([2, expect.stringContaining(`repository list 'team-a/*' --quick`)])
    expect((await here.run(['delete', 'team-a/old:1.0'])).code).toBe(2)
  })
})

describe('the typed name', () => {
  const ask = ['delete', 'team-a/old', '--force']

  test('deletes it where it is right', async () => {
    const { code, out, err } = await here.type(ask, 'team-a/old\r')
    expect([code, isThere()]).toEqual([0, false])
    expect(err).toContain('To delete team-a/old with its images for ever, type its name: ')
    expect(out).toMatch(/^team-a\/old {2}would be deleted\n {2}2 images with 3 tags, /)
    expect(out).toMatch(/\nteam-a\/old {2}deleted\n$/)
  })

  test.each([
    ['another name', 'team-a/new\r', 2],
    ['nothing', '\r', 2],
    ['the end of the input', '\u0004', 2],
    ['Ctrl-C', 'team-a\u0003', 130],
  ])('%s leaves it', async (_, keys, exit) => {
    const { code, out } = await here.type(ask, keys)
    expect([code, isThere(), here.files()]).toEqual([exit, true, []])
    if (exit === 2) expect(out).toMatch(/\nteam-a\/old {2}left: its name was not typed\n$/)
  })

  test('is asked for beside JSON, and not for what is empty or refused', async () => {
    here.aws.codebuild.createProject('site', `${IMAGE}:1.0`)
    const { code, out, err } = await here.type(['delete', 'team-a/old', 'team-a/empty', '--force', '--json'])
    expect([code, JSON.parse(out).repositories.map(({ state }: { state: string }) => state)]).toEqual([
      1,
      ['refused', 'deleted'],
    ])
    expect(err).not.toContain('type its name')
    expect(err).toContain('team-a/old  refused\n')
  })
})

describe('what is in use is not deleted, whatever is said', () => {
  const refused = async (why: RegExp, exit = 1) => {
    const { code, err } = await here.run(FORCED)
    expect([code, isThere(), deletes()]).toEqual([exit, true, []])
    expect(err).toMatch(why)
    return err
  }

  test('by a task that names a tag', async () => {
    const taskDefinition = here.aws.ecs.registerTaskDefinition('web', [`${IMAGE}:stable`])
    here.aws.ecs.runTask({ cluster: 'prod', taskDefinition, containers: [{ name: 'web', image: `${IMAGE}:stable` }] })
    const err = await refused(/1\.0, stable is in use: ECS task of web:1 in cluster prod/)
    expect(err).toContain('  Stop what uses them, or have it use other images. There is no option')
  })

  test('by a task that runs a digest', async () => {
    const image = `${IMAGE}@${TWO.digest}`
    const taskDefinition = here.aws.ecs.registerTaskDefinition('job', ['busybox'])
    const containers = [{ name: 'job', image, imageDigest: TWO.digest }]
    here.aws.ecs.runTask({ cluster: 'prod', taskDefinition, containers })
    await refused(/2\.0 is in use: ECS task of job:1 in cluster prod/)
  })

  test('by a function, and by many things at once', async () => {
    here.aws.lambda.createFunction({ name: 'resize', imageUri: `${IMAGE}:2.0`, resolvedDigest: TWO.digest })
    for (let n = 0; n < 6; n++) {
      push(here.aws, 'team-a/old', manifestOf(`many-${n}`), 20, `m${n}`)
      here.aws.codebuild.createProject(`p${n}`, `${IMAGE}:m${n}`)
    }
    await refused(/2\.0 is in use: Lambda function resize.*; 2 more images in use/)
  })

  test('by a pin of steward.yaml', async () => {
    here.write(
      'steward.yaml',
      'alerts: [{ repositories: ["**"], to: [sns] }]\nclean-up: { to: [sns], in-use: { pins: [{ repositories: ["team-a/old"], tags: ["1.*"], reason: a customer }] } }\n',
    )
    await refused(/is in use: pinned in steward\.yaml, line 2: a customer/)
  })

  test('or may be, where a source cannot be read, or others may pull of whom nobody looks', async () => {
    here.deny('lambda:ListFunctions')
    await refused(/nobody can tell whether its images are in use: lambda in .* is not known completely/, 4)
    here.deny('ecr:GetRegistryPolicy')
    await refused(/the registry policy cannot be read/, 4)
    here.deny()
    const policyText = accessPolicy([{ may: 'pull', account: '210987654321' }])
    here.aws.call('ecr', 'SetRepositoryPolicy', { repositoryName: 'team-a/old', policyText })
    await refused(/its repository policy lets 210987654321 pull, where nobody looks what runs/, 3)
  })

  test('what has come into use since it was looked at', async () => {
    atSecond('codebuild', 'ListProjects', () => here.aws.codebuild.createProject('site', `${IMAGE}:1.0`))
    await refused(/1\.0, stable is in use: CodeBuild project site/)
  })

  test('nor where a stack has made it, also an empty one', async () => {
    here.aws.ecr.createRepository({
      repositoryName: 'team-a/stacked',
      tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'shop-prod' }],
    })
    const { code, err } = await here.run(['delete', 'team-a/stacked', '--force', '--yes'])
    expect([code, isThere('team-a/stacked')]).toEqual([1, true])
    expect(err).toContain('the CloudFormation stack shop-prod made it, and would drift\n')
  })
})

describe('where something fails', () => {
  test('what is pushed while it is being deleted stays', async () => {
    here.aws.faults.inject({
      ...{ service: 'ecr', operation: 'DeleteRepository', error: { delayMs: 0 } },
      when: () => push(here.aws, 'team-a/empty', ONE, 0) === undefined,
    })
    const { code, out } = await here.run(['delete', 'team-a/empty'])
    expect([code, out, isThere('team-a/empty')]).toEqual([
      3,
      expect.stringContaining('images were pushed to it meanwhile: look at it again'),
      true,
    ])
  })

  test('the others go on, and a permission that is missing is told', async () => {
    here.aws.authorize = ({ action, resource }) => ({
      allowed: action !== 'ecr:DeleteRepository' || resource.endsWith('empty'),
      reason: 'no policy allows it',
    })
    const { code, out, err } = await here.run(['delete', 'team-a/old', 'team-a/empty', '--force', '--yes'])
    expect([code, out.split('\n').map((line) => line.split('\t')[0])]).toEqual([4, ['failed', 'deleted', '']])
    expect(err).toContain('"Action":["ecr:DeleteRepository"]')
  })

  test('nothing is deleted that cannot be read or kept', async () => {
    here.deny('ecr:ListTagsForResource')
    expect((await here.run(FORCED)).code).toBe(4)
    here.deny()
    here.write('deleted-repositories-2026-11-28T03-00-00Z', 'in the way')
    const { code, out } = await here.run(FORCED)
    expect([code, isThere(), out]).toEqual([3, true, expect.stringContaining('so team-a/old is not deleted')])
  })

  test('what was pushed, or is gone, since it was looked at is told', async () => {
    atSecond('ecr', 'DescribeImages', () => push(here.aws, 'team-a/old', manifestOf('new'), 0))
    const pushed = await here.run(FORCED)
    expect([pushed.code, pushed.out, isThere()]).toEqual([3, expect.stringContaining('images were pushed'), true])
    atSecond('ecr', 'DescribeRepositories', () =>
      here.aws.call('ecr', 'DeleteRepository', { repositoryName: 'team-a/empty' }),
    )
    const gone = await here.run(['delete', 'team-a/empty'])
    expect([gone.code, gone.out]).toEqual([3, expect.stringContaining('somebody else has deleted it meanwhile')])
  })

  test('a throttle is waited for', async () => {
    here.aws.faults.inject({ service: 'ecr', operation: 'DeleteRepository', error: { code: 'ThrottlingException' } })
    expect((await here.run(FORCED)).code).toBe(0)
  })
})

describe('what has to do with it elsewhere', () => {
  const nothing = { replication: [], cacheRules: [], templates: [], unread: [] }

  test('is read of the registry', async () => {
    const rules = [{ destinations: [{ region: 'eu-west-1', registryId: here.aws.account }] }]
    here.aws.call('ecr', 'PutReplicationConfiguration', { replicationConfiguration: { rules } })
    here.aws.call('ecr', 'CreateRepositoryCreationTemplate', { prefix: 'team-a', appliedFor: ['CREATE_ON_PUSH'] })
    here.deny('ecr:DescribePullThroughCacheRules')
    const { code, out } = await here.run(['delete', 'team-a/empty', '--dry-run', '--json'])
    expect([code, JSON.parse(out).repositories[0].elsewhere]).toEqual([
      0,
      [
        `Replicas stay where they are: ${here.aws.account} in eu-west-1.`,
        'The creation template team-a may make it again: at a push.',
        'Not known: pull-through cache rules: ECR answered AccessDeniedException to DescribePullThroughCacheRules.',
      ],
    ])
  })

  test('is what its name falls under, the longest prefix first', () => {
    const words = elsewhereWords(
      {
        replication: [
          { destinations: [{ region: 'eu-west-1', account: '1' }], prefixes: ['hub/'] },
          { destinations: [{ region: 'us-east-1', account: '1' }], prefixes: ['other/'] },
        ],
        cacheRules: [
          { prefix: 'ROOT', upstream: 'quay.io' },
          { prefix: 'hub', upstream: 'registry-1.docker.io' },
        ],
        templates: [
          { prefix: 'ROOT', appliedFor: ['REPLICATION'] },
          { prefix: 'hub', appliedFor: ['PULL_THROUGH_CACHE', 'NEW_THING'] },
        ],
        unread: [],
      },
      'hub/library/node',
    )
    expect(words).toEqual([
      'Replicas stay where they are: 1 in eu-west-1.',
      'The pull-through cache rule hub makes it again at the next pull from registry-1.docker.io.',
      'The creation template hub may make it again: at a pull through the cache, at NEW_THING.',
    ])
    const root = { ...nothing, templates: [{ prefix: 'ROOT', appliedFor: ['CREATE_ON_PUSH'] }], unread: ['a: b'] }
    expect(elsewhereWords(root, 'hubs/x')).toEqual([
      'The creation template ROOT may make it again: at a push.',
      'Not known: a: b.',
    ])
    expect(elsewhereWords({ ...nothing, cacheRules: [{ prefix: 'hub', upstream: 'x' }] }, 'hubs/x')).toEqual([])
  })
})

describe.skipIf(!hasCli)(withCli('the AWS CLI'), () => {
  test('makes it again by the line that is shown', async () => {
    const policyText = accessPolicy([{ may: 'push', role: `arn:aws:iam::${here.aws.account}:role/ci` }])
    here.aws.call('ecr', 'SetRepositoryPolicy', { repositoryName: 'team-a/old', policyText })
    const before = here.aws.ecr.repository('team-a/old')
    const { err } = await here.run(FORCED)
    expect(isThere()).toBe(false)
    const line = err.split('\n').find((one) => one.includes('create-repository')) ?? ''
    const env = { ...envOf(here.aws), PATH: process.env.PATH, HOME: here.folder }
    await promisify(execFile)('sh', ['-c', line], { env, cwd: here.folder })
    const after = here.aws.ecr.repository('team-a/old')
    expect({ ...after?.settings, createdAt: undefined }).toEqual({ ...before?.settings, createdAt: undefined })
    expect([after?.tags, after?.lifecyclePolicyText, after?.policyText]).toEqual([
      ...[before?.tags, before?.lifecyclePolicyText, before?.policyText],
    ])
  }, 120_000)
})

describe('the bundled command line', () => {
  const cli = bundled()

  test('makes, lists and deletes, and at a pipe has nobody type', async () => {
    const env = { ...(envOf(here.aws) as Record<string, string>), PATH: process.env.PATH ?? '' }
    const made = await cli.run(['repository', 'create', 'team-b/api', '--owner', 'team-b'], env)
    expect([made.code, made.out.split('\t')[0]]).toEqual([0, 'created'])
    push(here.aws, 'team-b/api', ONE, 1, 'a')
    const asked = await cli.run(['repository', 'delete', 'team-b/api', '--force'], env)
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('there is nobody at a terminal')])
    expect(isThere('team-b/api')).toBe(true)
  })
})
