import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import { indexOf, manifestOf, NOW, push } from '../clean-up/registry.ts'
import { steward } from './cli.ts'

let aws: LocalAws
let folder: string
const HOST = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com'

const inUse = async (argv: readonly string[] = [], columns?: number) => {
  const surroundings = { cwd: folder, env: envOf(aws), now: () => NOW, ...(columns !== undefined && { columns }) }
  const { code, out, err } = await steward(['clean-up', 'in-use', ...argv], surroundings)
  return { code, err, out: stripVTControlCharacters(out) }
}

const platform = manifestOf('platform')
const index = indexOf('index', [platform])

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-in-use-'))
  aws = await startLocalAws()
  for (const repositoryName of ['prod/api', 'prod/web']) aws.ecr.createRepository({ repositoryName })
  push(aws, 'prod/api', platform, 40)
  push(aws, 'prod/api', index, 40, '1.4')
  push(aws, 'prod/api', manifestOf('old'), 40, '1.0')
  push(aws, 'prod/web', manifestOf('web'), 40, '2.0')
  aws.codebuild.createProject('api', `${HOST}/prod/api:1.4`)
  aws.batch.registerJobDefinition('train', { image: `${HOST}/prod/api:1.4` })
  aws.batch.registerJobDefinition('gone', { image: `${HOST}/prod/gone@sha256:${'a'.repeat(64)}` })
})

afterEach(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

const pin = (): void =>
  writeFileSync(
    join(folder, 'steward.yaml'),
    `alerts: [{ repositories: ["**"], to: [sns] }]
clean-up: { to: [sns], in-use: { ignore-sources: [eks], pins: [{ repositories: ["prod/web"], tags: ["2.*"], reason: a customer }] } }
`,
  )

describe('clean-up in-use', () => {
  test('shows on a terminal who uses what, and how far every source is known', async () => {
    const { code, out, err } = await inUse([], 110)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatchInlineSnapshot(`
      "REPOSITORY  IMAGE                USED BY
      prod/api    1.4                  CodeBuild project api; Batch job definition train:1
      prod/gone   sha256:aaaaaaaaaaaa  Batch job definition gone:1

      SOURCE           WHERE                         STATE
      ecs              123456789012, ap-northeast-1  complete, 0 uses
      scheduled-tasks  123456789012, ap-northeast-1  complete, 0 uses
      lambda           123456789012, ap-northeast-1  complete, 0 uses
      eks              123456789012, ap-northeast-1  complete, 0 uses
      app-runner       123456789012, ap-northeast-1  complete, 0 uses
      codebuild        123456789012, ap-northeast-1  complete, 1 use
      batch            123456789012, ap-northeast-1  complete, 2 uses
      "
    `)
  })

  test('is a line for each image in a pipe, with whole digests', async () => {
    expect(await inUse()).toEqual({
      code: 0,
      err: '',
      out: `prod/api\t1.4\tCodeBuild project api; Batch job definition train:1\nprod/gone\tsha256:${'a'.repeat(64)}\tBatch job definition gone:1\n`,
    })
  })

  test('says what keeps the images of a repository, also those that an index lists, and pins', async () => {
    pin()
    const { code, out, err } = await inUse(['prod/*'])
    expect([code, err]).toEqual([0, ''])
    expect(out.trimEnd().split('\n').toSorted()).toEqual(
      [
        `prod/api\t${platform.digest}\tindex ${index.digest} lists it, and stays`,
        `prod/api\t1.4 ${index.digest}\tCodeBuild project api; Batch job definition train:1`,
        `prod/web\t2.0 ${manifestOf('web').digest}\tpinned in steward.yaml, line 2: a customer`,
      ].toSorted(),
    )
  })

  test('says of an image that is named whether anything uses it', async () => {
    const { code, out } = await inUse(['prod/api:1.0', `prod/api@${platform.digest}`])
    expect(code).toBe(0)
    expect(out).toContain('\tnothing that is known\n')
    expect(out).toContain(`index ${index.digest} lists it`)
  })

  test('does not take an image or a repository that is not there for one that nothing uses', async () => {
    const { code, out, err } = await inUse(['prod/api:9.9', `prod/api@sha256:${'b'.repeat(64)}`, 'prod/none:1'])
    expect([code, out]).toEqual([3, ''])
    expect(err).toContain('prod/api:9.9: the image is not there')
    expect(err).toContain(`prod/api@sha256:${'b'.repeat(64)}: the image is not there`)
    expect(err).toContain('prod/none: the repository is not there')
  })

  test('ends with 4 where a permission is missing, and shows what it knows', async () => {
    aws.authorize = ({ action }) => ({ allowed: action !== 'codebuild:ListProjects', reason: 'no policy allows it' })
    const piped = await inUse()
    expect(piped.code).toBe(4)
    expect(piped.out).toContain('prod/api\t1.4\tBatch job definition train:1\n')
    expect(piped.err).toContain(
      'not known: codebuild in 123456789012, ap-northeast-1: AccessDeniedException for codebuild:ListProjects: allow codebuild:ListProjects',
    )
    const { code, out } = await inUse([], 200)
    expect(code).toBe(4)
    expect(out).toContain('not complete, 0 uses: AccessDeniedException for codebuild:ListProjects')
  })

  test('ends with 3 where something could not be read for another reason', async () => {
    aws.eks.createCluster('blue')
    const { code, err } = await inUse()
    expect(code).toBe(3)
    expect(err).toContain('nothing tells what runs in EKS cluster blue')
  })

  test('is JSON with the state of every source', async () => {
    aws.authorize = ({ action }) => ({
      allowed: action !== 'batch:DescribeJobDefinitions',
      reason: 'no policy allows it',
    })
    const { code, out } = await inUse(['--json'])
    expect(code).toBe(4)
    const { images, sources, ...rest } = JSON.parse(out)
    expect(rest).toEqual({ schemaVersion: 1, readAt: NOW.toISOString(), missing: [], outcome: 'access' })
    expect(images).toEqual([
      {
        ...{ account: '123456789012', region: 'ap-northeast-1', repository: 'prod/api', tags: ['1.4'], digest: null },
        usedBy: ['CodeBuild project api'],
      },
    ])
    expect(sources).toContainEqual({
      ...{ source: 'codebuild', account: '123456789012', region: 'ap-northeast-1', uses: 1, incomplete: null },
    })
    expect(sources).toContainEqual(
      expect.objectContaining({
        source: 'batch',
        uses: 0,
        incomplete: expect.stringContaining('batch:DescribeJobDefinitions'),
      }),
    )
  })

  test('says so where nothing uses anything, and shows a few of many users', async () => {
    aws.codebuild.deleteProject('api')
    await aws.close()
    aws = await startLocalAws()
    expect((await inUse([], 110)).out).toContain('Nothing that is known uses an image.')
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) aws.codebuild.createProject(name, `${HOST}/prod/api:1`)
    expect((await inUse([], 200)).out).toContain('CodeBuild project d; and 2 more')
  })

  test('escapes what comes from outside', async () => {
    aws.codebuild.createProject('evil\u001b[31m\nname', `${HOST}/prod/api:1.4`)
    for (const columns of [undefined, 110]) {
      const { out } = await inUse([], columns)
      expect(out).toContain('CodeBuild project evil�[31m�name')
    }
  })
})
