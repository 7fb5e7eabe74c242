import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { openPlan } from '../../functions/domain/clean-up/seal.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import { lifecycle, manifestOf, NOW, push, THIRTY_DAYS } from '../clean-up/registry.ts'
import { NOWHERE, steward } from './cli.ts'

let aws: LocalAws
let folder: string

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
const planned = (name = 'clean-up-plan.json') => openPlan(readFileSync(join(folder, name), 'utf8'))
const plan = async (argv: readonly string[] = [], columns?: number, cwd = folder) => {
  const { code, out, err } = await steward(['clean-up', 'plan', ...argv], {
    cwd,
    env: envOf(aws),
    now: () => NOW,
    ...(columns !== undefined && { columns }),
  })
  return { code, err, out: stripVTControlCharacters(out) }
}

const CONFIG = `alerts: [{ repositories: ["**"], to: [sns] }]
clean-up:
  to: [sns]
  at-most: { share: 50%, share-of-registry: 100% }
  policies:
    - { repositories: ["ci/**"], policy: ci.json }
  in-use:
    pins: [{ repositories: ["ci/**"], tags: ["pr-7"], reason: a customer }]
`

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-clean-up-'))
  aws = await startLocalAws()
  for (const repositoryName of ['ci/web', 'prod/api']) aws.ecr.createRepository({ repositoryName })
  for (let i = 0; i < 10; i++) push(aws, 'ci/web', manifestOf(`web-${i}`), 33 - i, `pr-${i}`)
  push(aws, 'prod/api', manifestOf('api'), 300, 'v1')
  write('steward.yaml', CONFIG)
  write('ci.json', lifecycle({ tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 25 }))
  write('thirty.json', THIRTY_DAYS)
})

afterEach(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

describe('clean-up plan', () => {
  test('shows what goes and what stays, with why, and writes a plan that apply takes', async () => {
    const { code, out, err } = await plan([], 100)
    expect([code, err]).toEqual([0, 'The plan is in clean-up-plan.json.\n'])
    const { id, items } = planned()
    expect(items.map(({ tags }) => tags[0])).toEqual(['pr-0', 'pr-1', 'pr-2', 'pr-3', 'pr-4'])
    expect(out.replace(id, 'ID')).toMatchInlineSnapshot(`
      "Clean-up plan ID
      Registry 123456789012 in ap-northeast-1, 10 images in 1 repository. The plan may be applied until
      2026-11-29 03:00 UTC.

      TO DELETE  5 images, at most 10.5 kB, which cost $0.00 a month
        ci/web  5 of 10 images, 10.5 kB
          5 images, 10.5 kB, by rule 1 of ci.json, all images: expire 25 days after their push
            pr-0  2.09 kB  older than 25 days by rule 1: pushed 2026-10-26, due 2026-11-20
            pr-1  2.09 kB  older than 25 days by rule 1: pushed 2026-10-27, due 2026-11-21
            pr-2  2.09 kB  older than 25 days by rule 1: pushed 2026-10-28, due 2026-11-22
            pr-3  2.09 kB  older than 25 days by rule 1: pushed 2026-10-29, due 2026-11-23
            pr-4  2.09 kB  older than 25 days by rule 1: pushed 2026-10-30, due 2026-11-24

      KEPT  1 image that the rules would remove
        ci/web  pr-7  pinned in steward.yaml, line 8: a customer

      HELD BACK  3 images that the rules would remove
        ci/web  3 images  a plan takes at most 5 of its 10 images: 50 %

      IN USE  as read at 2026-11-28 03:00 UTC: uses by source
        123456789012, ap-northeast-1  ecs 0, scheduled-tasks 0, lambda 0, eks 0, app-runner 0, codebuild
                                      0, batch 0

      Nothing is removed yet. Applying looks at each image again, and keeps what changed:
      $ ecr-steward clean-up apply clean-up-plan.json --region ap-northeast-1
      "
    `)
  })

  test('of named repositories looks at these alone, and tells what is not there or never cleaned', async () => {
    const { code, err } = await plan(['ci/web', 'ci/wob', 'prod/api', 'nothing/**', '--out', 'mine.json'])
    expect(code).toBe(3)
    expect(err.split('\n').toSorted().filter(Boolean)).toEqual([
      'The plan is in mine.json.',
      'not judged: ci/wob: the repository is not there',
      'not judged: nothing/**: no repository matches it',
      'not judged: prod/api: no entry of clean-up.policies is about it, so it is never cleaned',
    ])
    expect(planned('mine.json').population).toEqual({ 'ci/web': 10 })
  })

  test('as JSON is the plan itself, and is written nowhere', async () => {
    const { code, out } = await plan(['--json'])
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/clean-up-plan.schema.json'), 'utf8'))
    const isValid = new Ajv({ allErrors: true, formats: { 'date-time': true } }).compile(schema)
    expect([code, isValid(JSON.parse(out)), isValid.errors]).toEqual([0, true, null])
    expect(openPlan(out).items).toHaveLength(5)
    expect(() => planned()).toThrow('ENOENT')
  })

  test('tries a policy without any steward.yaml, by the usual limits', async () => {
    rmSync(join(folder, 'steward.yaml'))
    const { code, out } = await plan(['--policy', 'thirty.json', '**', '--json'])
    expect(code).toBe(0)
    const { items, atMost, heldBack } = openPlan(out)
    expect(atMost).toEqual({ images: 500, shareOfRepository: 0.2, shareOfRegistry: 0.1 })
    expect(items.map(({ tags, policy }) => [tags[0], policy])).toEqual([['pr-0', 'thirty.json']])
    expect(heldBack.map(({ repository, images }) => [repository, images])).toEqual([
      ['ci/web', 2],
      ['ci/web', 1],
      ['prod/api', 1],
    ])
  })

  test('tries a policy by the limits and pins of steward.yaml', async () => {
    write('all.json', lifecycle({ tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 1 }))
    const made = openPlan((await plan(['--policy', 'all.json', 'ci/web', '--json'])).out)
    expect([made.atMost.shareOfRepository, made.items.length]).toEqual([0.5, 5])
    expect(made.protected.map(({ tags, by }) => [tags[0], by])).toEqual([
      ['pr-7', ['pinned in steward.yaml, line 8: a customer']],
    ])
  })

  test('is kept in a folder or a bucket below the registry, and the command that applies it says so', async () => {
    const { out } = await plan(['--store', 'kept here'])
    const [, id = ''] = /Clean-up plan (\S+)/.exec(out) ?? []
    expect(planned(`kept here/${aws.account}/${aws.region}/plans/${id}.json`).id).toBe(id)
    expect(out).toContain(`$ ecr-steward clean-up apply ${id} --store 'kept here' --region ${aws.region}`)
    expect(() => planned()).toThrow('ENOENT')

    aws.s3.createBucket('steward-plans')
    for (const place of [
      's3://steward-plans',
      's3://steward-plans/a/',
      `s3://steward-plans/b/${aws.account}/${aws.region}`,
    ])
      expect((await plan(['--store', place, '--json'])).code).toBe(0)
    const keys = aws.s3.keys('steward-plans').map((key) => key.replace(/plans\/.*/, 'plans'))
    const own = `${aws.account}/${aws.region}/plans`
    expect(keys.toSorted()).toEqual([own, `a/${own}`, `b/${own}`].toSorted())
  })

  test('keeps what runs: a task definition of ECS names it', async () => {
    aws.ecs.registerTaskDefinition('web', [`${aws.account}.dkr.ecr.${aws.region}.amazonaws.com/ci/web:pr-1`])
    const { out } = await plan([`${aws.account}.dkr.ecr.${aws.region}.amazonaws.com/ci/web`], 100)
    expect(out).toMatch(/ci\/web {2}pr-1 {2}ECS .*web:1/)
    expect(planned().items.map(({ tags }) => tags[0])).toEqual(['pr-0', 'pr-2', 'pr-3', 'pr-4', 'pr-5'])
  })

  test('of what nobody can tell whether it is in use is blocked, with what to do', async () => {
    aws.faults.inject({ service: 'ecs', error: { code: 'AccessDeniedException' }, times: Number.POSITIVE_INFINITY })
    const { code, out } = await plan([], 100)
    expect(code).toBe(4)
    expect(out).toContain('BLOCKED  Nothing goes there until somebody can tell what is in use')
    expect(out).toMatch(/everything {2}ecs in .*AccessDenied/)
    expect(out).toContain('HELD BACK  8 images that the rules would remove')
    expect(out).toContain('Nothing is to be removed as long as that is blocked.')
    expect(out).not.toContain('clean-up apply')
    expect(planned().items).toEqual([])
  })

  test('of another account that pulls says how to unblock it', async () => {
    const statement = { Sid: 'x', Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'ecr:BatchGetImage' }
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    await signedAws(envOf(aws))('ecr', 'SetRepositoryPolicy', { repositoryName: 'ci/web', policyText })
    const { code, out } = await plan([], 120)
    expect(code).toBe(3)
    expect(out).toContain('ci/web  its repository policy lets 222222222222 pull')
  })

  test('of nothing says so', async () => {
    expect((await plan(['prod/**', '--policy', 'thirty.json'])).out).toContain('HELD BACK')
    write('never.json', lifecycle({ tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 9_999 }))
    expect((await plan(['ci/**', '--policy', 'never.json'])).out).toContain('There is nothing to remove.')
  })
})

describe('a command line that is wrong', () => {
  test.each([
    [['--policy', 'ci.json'], '--policy needs the repositories that it is for.'],
    [['--policy', 'none.json', 'ci/web'], '"none.json": not found in'],
    [['--policy', 'steward.yaml', 'ci/web'], 'ECR would refuse the policy in "steward.yaml":'],
    [['ci/web:pr-1'], 'ci/web is named with a tag or digest, and whole repositories are looked at.'],
    [['--store', 's3://No_Bucket/x'], '"s3://No_Bucket/…" is no bucket.'],
    [['--out', 'no/such/folder/plan.json'], 'no/such/folder/plan.json" (ENOENT).'],
    [['111111111111.dkr.ecr.eu-west-1.amazonaws.com/a-b', 'ci/web'], 'The repositories are in several registries.'],
  ])('%j: %s', async (argv, message) => {
    const { code, err } = await plan(argv)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  test('without a policy says where one is written', async () => {
    write('steward.yaml', 'alerts: [{ repositories: ["**"], to: [sns] }]\n')
    const { code, err } = await plan()
    expect(code).toBe(2)
    expect(err).toContain('names no policy to clean up by')
    expect(err).toContain('--policy FILE REPOSITORY')
    expect((await plan([], undefined, NOWHERE)).err).toContain('There is no steward.yaml here')
  })
})
