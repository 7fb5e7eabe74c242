import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SweepReport } from '../../../functions/domain/sweep/report.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { envOf } from '../../adapters/env.ts'
import { imageManifest } from '../../policy/image/manifests.ts'
import { steward } from '../cli.ts'

const NOW = new Date('2026-11-24T21:05:07Z')
const ID = '2026-11-24t21-0507'
const HERE = '.ecr-steward/sweep/123456789012/ap-northeast-1'
const OTHER = '222222222222'

const CONFIG = `alerts: [{ repositories: ["**"], to: [sns] }]
policy:
  - repositories: ["**"]
    rules: { tag-immutability: report }
`

let aws: LocalAws
let folder: string

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)

const repositories = (count: number, region = aws.region, account = aws.account): void => {
  for (let n = 0; n < count; n++)
    aws
      .at({ account, region })
      .ecr.createRepository({ repositoryName: `team-${n % 3}/app-${n}`, imageTagMutability: 'IMMUTABLE' })
}

type Change = { readonly columns?: number; readonly now?: Date; readonly env?: NodeJS.ProcessEnv }

const sweep = async (argv: readonly string[] = [], { columns, now = NOW, env = {} }: Change = {}) => {
  const { code, out, err } = await steward(['sweep', ...argv], {
    ...{ cwd: folder, env: { ...envOf(aws), ...env }, now: () => now },
    ...(columns !== undefined && { columns }),
  })
  return { code, err, out: stripVTControlCharacters(out) }
}

const reportOf = (id = ID, at = HERE): SweepReport =>
  JSON.parse(readFileSync(join(folder, at, id, 'report.json'), 'utf8'))

/** How often each repository was asked for its images. */
const judgings = (): readonly number[] => {
  const calls = aws.calls.filter(({ operation }) => operation === 'DescribeImages')
  const asked = calls.map(({ input }) => (input as { repositoryName: string }).repositoryName)
  return [...Map.groupBy(asked, (name) => name).values()].map(({ length }) => length)
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-sweep-'))
  write('steward.yaml', CONFIG)
  aws = await startLocalAws()
})

afterEach(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

describe('sweep', () => {
  test('judges the registry of the credentials without a section sweep, and leaves a report', async () => {
    repositories(3)
    aws.ecr.createRepository({ repositoryName: 'prod/web' })
    const { code, out, err } = await sweep([], { columns: 100 })
    expect([code, err]).toEqual([1, ''])
    expect(out).toMatchInlineSnapshot(`
      "FAIL  Sweep 2026-11-24t21-0507
      1 rule verdict fails.
      4 of 4 repositories judged, in 1 registry.
      Score 99 of 100. This is the first sweep: there is nothing to compare with.

      TOP FIXES
        1. MEDIUM  Make the tags of the repository immutable
           closes 1 fail in 1 repository
           $ aws ecr put-image-tag-mutability --region ap-northeast-1 --repository-name prod/web --image-tag-mutability IMMUTABLE

      OWNERS
        prod  95 of 100  1 fail, no findings, in 1 repository

      IN STORE
        $0.00 a month for 0 B in store, at most; clean-up would take 0 B, $0.00 a month.

      Report: .ecr-steward/sweep/123456789012/ap-northeast-1/2026-11-24t21-0507/report.html
      "
    `)
    expect(readdirSync(join(folder, HERE, ID)).toSorted()).toEqual([
      ...['begun.json', 'ended.json', 'records', 'report.csv', 'report.html', 'report.json', 'report.md'],
      ...['repositories', 'targets'],
    ])
    const report = await steward(['report'], { cwd: folder })
    expect(report).toMatchObject({ code: 0, out: `${HERE}/${ID}/report.html\n` })
  })

  test('is a pass where everything is known and nothing fails', async () => {
    repositories(2)
    const { code, out, err } = await sweep()
    expect([code, err, out.split('\n')[0]]).toEqual([0, '', `PASS  Sweep ${ID}`])
    expect(out).not.toContain('\u001b')
  })

  test('without a rule still reports what is found and stored', async () => {
    write('steward.yaml', 'alerts: [{ repositories: ["**"], to: [sns] }]\n')
    repositories(1)
    const { code, err } = await sweep()
    expect([code, err]).toEqual([0, ''])
    expect(reportOf().totals).toMatchObject({ repositories: 1, fails: 0 })
  })

  test('as JSON is the report, as the published schema says', async () => {
    repositories(2)
    const { code, out, err } = await sweep(['--output', 'json'])
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/sweep-report.schema.json'), 'utf8'))
    const ajv = new Ajv({ allErrors: true, validateFormats: false })
    const isValid = ajv.compile(schema)
    expect(isValid(JSON.parse(out)) || isValid.errors).toBe(true)
    expect([code, err, JSON.parse(out)]).toEqual([0, '', reportOf()])
  })

  test('of no repositories at all is no pass', async () => {
    const { code, out } = await sweep()
    expect([code, out.split('\n')[0]]).toEqual([3, `UNKNOWN  Sweep ${ID}`])
    expect(out).toContain('No repositories were found in 1 registry.')
  })

  test('compares with the sweep before', async () => {
    repositories(2)
    await sweep()
    aws.ecr.createRepository({ repositoryName: 'prod/web' })
    const later = new Date(NOW.getTime() + 60_000)
    const { code, out } = await sweep([], { now: later })
    expect([code, out]).toEqual([1, expect.stringContaining('Since 2026-11-24 21:05 UTC:')])
    expect(out).toContain('1 new fail')
  })

  test.each([
    ['DescribeImages', 1],
    ['DescribeImages', 3],
    ['DescribeImageScanFindings', 3],
  ])('%s: --concurrency %i is how many are judged at once', async (operation, concurrency) => {
    repositories(8)
    for (const imageTag of ['1', '2', '3', '4', '5', '6'])
      aws.ecr.putImage({
        repositoryName: 'team-0/app-0',
        imageManifest: imageManifest(undefined, { annotations: { imageTag } }).text,
        imageTag,
      })
    const [far, error] = [{ now: 0, most: 0 }, { delayMs: 50 }]
    const when = (): boolean => {
      far.now += 1
      far.most = Math.max(far.most, far.now)
      return true
    }
    aws.faults.inject({ service: 'ecr', operation, times: Number.POSITIVE_INFINITY, when, error })
    aws.onAnswered = (answered) => {
      if (answered.operation === operation) far.now -= 1
    }
    await sweep(['--concurrency', String(concurrency)])
    expect(far.most).toBe(concurrency)
  })

  test('sends nothing to anybody, and changes nothing', async () => {
    repositories(2)
    await sweep()
    const changing = aws.calls.filter(({ operation }) => !/^(?:Get|Describe|List|Batch(?:Get|Check))/.test(operation))
    expect(changing).toEqual([])
  })
})

describe('sweep of several registries', () => {
  test('goes through every region of every account, each once, and says what is named twice', async () => {
    aws.principals.createRole('ecr-steward-read', OTHER)
    repositories(1)
    repositories(2, 'us-east-1')
    repositories(3, aws.region, OTHER)
    repositories(4, 'us-east-1', OTHER)
    const { code, err } = await sweep(['--accounts', `${OTHER},${aws.account}`, '--regions', 'us-east-1'])
    expect(reportOf().targets.map(({ listed, judged, problem }) => [listed, judged, problem])).toEqual([
      ...[1, 2, 3, 4].map((count) => [count, count, null]),
    ])
    expect([code, err]).toEqual([
      0,
      `warning: 123456789012 in ap-northeast-1 is named twice, and swept once.\nwarning: 123456789012 in us-east-1 is named twice, and swept once.\n`,
    ])
  })

  test('takes those of steward.yaml, unless others are named', async () => {
    write('steward.yaml', `${CONFIG}sweep: { to: [sns], regions: [us-east-1] }\n`)
    repositories(1)
    await sweep()
    expect(reportOf().targets.map(({ region }) => region)).toEqual(['ap-northeast-1', 'us-east-1'])
    await sweep(['--regions', 'eu-west-1 eu-west-3'], { now: new Date(NOW.getTime() + 60_000) })
    expect(reportOf('2026-11-24t21-0607').targets.map(({ region }) => region)).toEqual([
      ...['ap-northeast-1', 'eu-west-1', 'eu-west-3'],
    ])
  })

  test('names a region that is not switched on, and judges the others', async () => {
    repositories(2)
    aws.disableRegion('ap-east-1')
    const { code, out } = await sweep(['--regions', 'ap-east-1'])
    expect([code, out.split('\n')[0]]).toEqual([expect.any(Number), `UNKNOWN  Sweep ${ID}`])
    expect(code).toBeGreaterThanOrEqual(3)
    expect(out.replaceAll(/\s+/g, ' ')).toContain('ap-east-1 may not be enabled in account 123456789012')
    expect(reportOf().targets.map(({ judged }) => judged)).toEqual([2, 0])
  })

  test('names an account that cannot be read, with what to do: 4', async () => {
    repositories(2)
    const { code, out } = await sweep(['--accounts', OTHER])
    expect([code, out.split('\n')[0]]).toEqual([4, `UNKNOWN  Sweep ${ID}`])
    expect(out).toContain('arn:aws:iam::222222222222:role/ecr-steward-read')
  })

  test.each([
    [['--accounts', '12345'], '"12345" is no account'],
    [['--regions', 'Frankfurt'], '"Frankfurt" is no region'],
    [['--accounts', OTHER, '--resume'], 'goes on with the accounts and regions that it began with'],
    [['--store', 's3:bucket'], '"s3:bucket" is no bucket'],
    [['--output', 'xml'], 'Expected one of table, json.'],
  ])('%j is refused: %s', async (argv, words) => {
    expect(await sweep(argv)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) })
  })
})

describe('a sweep that may not read everything', () => {
  test('says which permission is missing, on what, and the statement that gives it: 4', async () => {
    repositories(2)
    aws.faults.inject({
      ...{ service: 'ecr', operation: 'DescribeImages', times: Number.POSITIVE_INFINITY },
      error: { code: 'AccessDeniedException', status: 400 },
    })
    const { code, out, err } = await sweep()
    expect([code, out.split('\n')[0]]).toEqual([4, `UNKNOWN  Sweep ${ID}`])
    expect(err).toBe(
      `not allowed: ecr:DescribeImages. Statement to add to the policy of the caller:\n  {"Effect":"Allow","Action":["ecr:DescribeImages"],"Resource":"arn:aws:ecr:ap-northeast-1:123456789012:repository/*"}\n`,
    )
  })

  test('where it may not even list says so, and is no pass', async () => {
    aws.faults.inject({
      ...{ service: 'ecr', times: Number.POSITIVE_INFINITY },
      error: { code: 'AccessDeniedException', status: 400 },
    })
    const { code, out, err } = await sweep()
    expect([code, out.split('\n')[0]]).toEqual([4, `UNKNOWN  Sweep ${ID}`])
    expect(out).toContain('NOT JUDGED')
    expect(err).toContain('ecr:DescribeRepositories')
  })

  test('ends where the credentials expire, and goes on later', async () => {
    repositories(60)
    let calls = 0
    aws.onAnswered = ({ operation }) => {
      if (operation === 'DescribeImages') calls += 1
      if (calls === 30)
        aws.faults.inject({
          ...{ service: 'ecr', times: Number.POSITIVE_INFINITY },
          error: { code: 'ExpiredTokenException', status: 400 },
        })
    }
    const { code, err } = await sweep(['--concurrency', '1'])
    expect([code, err]).toEqual([
      4,
      expect.stringMatching(/expired.*\n.*\n {2}What was judged is kept\. To go on: ecr-steward sweep --resume\n$/),
    ])
    aws.faults.clear()
    expect((await sweep(['--resume'])).code).toBe(0)
    expect(reportOf().coverage).toMatchObject({ listed: 60, judged: 60, complete: true })
  })
})

describe('a sweep that is interrupted', () => {
  const stopAfter = (images: number): void => {
    let calls = 0
    aws.onAnswered = ({ operation }) => {
      if (operation !== 'DescribeImages') return
      calls += 1
      if (calls === images) process.emit('SIGINT')
    }
  }

  test('keeps what is judged, and goes on without judging a batch twice', async () => {
    repositories(120)
    stopAfter(30)
    const before = process.listeners('SIGINT')
    const first = await sweep(['--concurrency', '25'])
    expect([first.code, first.out]).toEqual([130, ''])
    expect(first.err).toContain('To go on: ecr-steward sweep --resume\n')
    expect(process.listeners('SIGINT')).toEqual(before)
    expect(existsSync(join(folder, HERE, ID, 'ended.json'))).toBe(false)
    expect(judgings()).toHaveLength(50)

    delete aws.onAnswered
    aws.ecr.createRepository({ repositoryName: 'came/later' })
    const second = await sweep(['--resume'], { now: new Date(NOW.getTime() + 600_000) })
    expect([second.code, second.err]).toEqual([
      0,
      `Going on with the sweep ${ID}, which began at 2026-11-24 21:05 UTC.\n`,
    ])
    expect(judgings()).toEqual(Array(120).fill(1))
    expect(aws.calls.filter(({ operation }) => operation === 'DescribeRepositories')).toHaveLength(1)
    expect(reportOf().coverage).toMatchObject({ listed: 120, judged: 120, complete: true })
  })

  test('is not gone on with by another sweep, which says how that is done', async () => {
    repositories(60)
    stopAfter(5)
    await sweep(['--region', aws.region])
    delete aws.onAnswered
    const { code, err } = await sweep(['--region', aws.region], { now: new Date(NOW.getTime() + 60_000) })
    expect([code, err]).toEqual([
      0,
      `note: the sweep ${ID} did not end. What goes on with it, instead of a new one: ecr-steward sweep --resume --region ap-northeast-1\n`,
    ])
    expect(reportOf('2026-11-24t21-0607').coverage.judged).toBe(60)
  })

  test('is not there: that is said', async () => {
    repositories(1)
    await sweep()
    expect(await sweep(['--resume'])).toMatchObject({
      ...{ code: 2, out: '' },
      err: expect.stringMatching(/There is no sweep to go on with in .*\n {2}ecr-steward sweep begins one\./),
    })
  })
})

describe('a sweep that is kept in a bucket', () => {
  test('is found by report, and says what opens it', async () => {
    aws.s3.createBucket('steward-sweeps')
    repositories(2)
    const { code, out } = await sweep(['--store', 's3://steward-sweeps'], { columns: 120 })
    expect(code).toBe(0)
    expect(out).toContain(`Report: s3://steward-sweeps/sweep/${ID}/report.html\n`)
    expect(out).toContain(`$ ecr-steward report --id ${ID} --open --store s3://steward-sweeps\n`)
    expect(aws.s3.keys('steward-sweeps', `sweep/${ID}/report.`)).toHaveLength(4)
    expect(existsSync(join(folder, '.ecr-steward'))).toBe(false)
  })

  test('that does not take it says so, and judges nothing', async () => {
    repositories(2)
    const { code, err } = await sweep(['--store', 's3://nobodys-bucket'])
    expect([code, err]).toEqual([3, expect.stringContaining('NoSuchBucket')])
    expect(judgings()).toEqual([])
  })
})
