import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Replayed } from '../../../cli/replay/result.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { seed } from '../../../local/seed/seed.ts'
import { steward } from '../cli.ts'

const EVENTS = join(import.meta.dirname, '../../../events')
/** After all of the samples. */
const NOW = '2026-11-28T12:00:00Z'

const CONFIG = (mode: string) => `alerts:
  - { repositories: ["**"], threshold: HIGH, to: [sns] }
policy:
  - repositories: ["**"]
    rules: { tag-immutability: ${mode}, lifecycle-policy: report }
sweep: { to: [sns], accounts: ["111122223333"], regions: [eu-west-1] }
`

const folder = mkdtempSync(join(tmpdir(), 'steward-live-'))
let aws: LocalAws
let before = 0
beforeAll(async () => {
  aws = await startLocalAws()
  await seed(aws, Date.parse(NOW))
  before = aws.calls.length
})
afterEach(() => aws.faults.clear())
afterAll(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

/** With the credentials of somebody, and what reads alone can know. */
async function live(file: string, { mode = 'report', env = {}, words = [] as readonly string[] } = {}) {
  writeFileSync(join(folder, 'steward.yaml'), CONFIG(mode))
  const first = aws.calls.length
  const credentials = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' }
  const ended = await steward(
    ['replay', file.startsWith('/') ? file : join(EVENTS, file), '--live', '--json', ...words],
    {
      ...{ cwd: folder, now: () => new Date(NOW) },
      env: { AWS_ENDPOINT_URL: aws.url, AWS_REGION: aws.region, ...credentials, ...env },
    },
  )
  const told = ended.out
    .split('\n')
    .filter(Boolean)
    .map((line): Replayed => JSON.parse(line))
  return { ...ended, told, called: aws.calls.slice(first).map(({ service, operation }) => `${service}:${operation}`) }
}

const write = (name: string, event: unknown): string => {
  writeFileSync(join(folder, name), JSON.stringify(event))
  return join(folder, name)
}

const failing = async (file: string, code: string, operation?: string) => {
  aws.faults.inject({
    service: 'ecr',
    ...(operation && { operation }),
    error: { code },
    times: Number.POSITIVE_INFINITY,
  })
  return live(file)
}

describe('with --live', () => {
  test('findings are those that ECR has, and what was made and what was not is told apart', async () => {
    const { code, told, called, err } = await live('basic-scan-critical.json')
    expect([code, told[0]?.outcome]).toEqual([0, 'alerted'])
    expect(told[0]?.alerts[0]).toMatchObject({
      notices: [],
      items: expect.arrayContaining([expect.objectContaining({ severity: 'CRITICAL' })]),
    })
    const made = told[0]?.calls.filter((call) => call.made).map(({ action }) => action) ?? []
    expect(made.slice(0, 2)).toEqual(['ecr:DescribeImageScanFindings', 'ecr:DescribeImages'])
    expect(called).toEqual(['sts:GetCallerIdentity', ...made])
    expect(told[0]?.calls.filter((call) => !call.made).map(({ action }) => action)).toEqual([
      ...['dynamodb:UpdateItem', 'sns:Publish', 'dynamodb:UpdateItem'],
    ])
    expect(err).toContain('Told by what ECR says now. Nothing is written or sent.')
  })

  test('what was undecided is decided', async () => {
    const { code, told } = await live('push-of-mutable-tag.json')
    expect([code, told[0]?.outcome]).toEqual([0, 'alerted'])
    expect(told[0]?.alerts[0]?.items.map(({ id }) => id)).toContain('tag-immutability')
  })

  test('what is no image is told from one', async () => {
    expect((await live('basic-scan-unsupported-helm-chart.json')).told[0]?.outcome).toBe('not-an-image')
  })

  test('what would be put right is not, and is said to be left alone', async () => {
    const settings = () => aws.call('ecr', 'DescribeRepositories', { repositoryNames: ['prod/gateway'] })
    const were = JSON.stringify(settings())
    const { told } = await live('push-of-mutable-tag.json', { mode: 'enforce' })
    expect(told[0]?.steps.map(({ outcome }) => outcome)).toContain('enforced')
    expect(JSON.stringify(told[0]?.alerts)).toContain('nothing is written in a replay')
    expect(told[0]?.calls).toContainEqual({ action: 'ecr:PutImageTagMutability', subject: 'prod/gateway', made: false })
    expect(JSON.stringify(settings())).toBe(were)
  })

  test('a repository that is gone is said to be', async () => {
    const { told } = await live('push-to-repository-that-is-gone.json')
    expect(told[0]).toMatchObject({ outcome: 'gone', reason: 'the repository is not there' })
  })

  test('nothing but reads reaches AWS, whatever the event', async () => {
    for (const file of ['push-that-fails-rules.json', 'call-put-image-tag-mutability.json', 'replication-failed.json'])
      await live(file, { mode: 'enforce' })
    const called = aws.calls.slice(before).filter(({ operation }) => !/^(?:BatchGet|Describe|Get|List)/.test(operation))
    expect(called).toEqual([])
    expect(aws.sns.published()).toEqual([])
  })
})

describe('where AWS does not answer', () => {
  test('a permission that is missing ends with 4, and with the statement that gives it', async () => {
    const { code, told, err } = await failing(
      'basic-scan-critical.json',
      'AccessDeniedException',
      'DescribeImageScanFindings',
    )
    expect(code).toBe(4)
    expect(told[0]?.alerts[0]?.notices[0]).toContain('ECR answered AccessDeniedException')
    expect(err).toContain('"Action":["ecr:DescribeImageScanFindings"]')
  })

  test('credentials that have expired on the way end it at once', async () => {
    const { code, told, err } = await failing('basic-scan-critical.json', 'ExpiredTokenException')
    expect([code, told]).toEqual([4, []])
    expect(err).toContain('error: The AWS credentials have expired (ExpiredTokenException).')
  })

  test.each([
    ['asked who one is', []],
    ['asked of a registry that is given', ['--home', '123456789012/ap-northeast-1']],
  ])('without credentials it says so, %s', async (_, words) => {
    const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true' }
    const { code, told, err } = await live('basic-scan-critical.json', { env: none, words })
    expect([code, told]).toEqual([4, []])
    expect(err).toContain('error: No AWS credentials were found.')
  })

  test('an account whose role cannot be taken is read no further', async () => {
    const push = {
      account: '111122223333',
      source: 'aws.ecr',
      'detail-type': 'ECR Image Action',
      id: 'e',
      time: NOW,
      region: 'ap-northeast-1',
    }
    const detail = {
      'action-type': 'PUSH',
      result: 'SUCCESS',
      'repository-name': 'prod/x',
      'image-digest': `sha256:${'1'.repeat(64)}`,
      'image-tag': '1',
    }
    const file = write('elsewhere.json', { ...push, detail })
    aws.faults.inject({
      service: 'sts',
      operation: 'AssumeRole',
      error: { code: 'AccessDenied', status: 403 },
      times: Number.POSITIVE_INFINITY,
    })
    const { told } = await live(file, { words: ['--home', '123456789012/ap-northeast-1'] })
    expect(told[0]?.alerts[0]?.items.map(({ text }) => text).join()).toContain(
      'ecr-steward-read cannot be assumed: AccessDenied',
    )
  })
})
