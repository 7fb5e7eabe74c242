import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Alert } from '../../functions/domain/alert.ts'
import type { SweepReport } from '../../functions/domain/sweep/report.ts'
import { READ_ROLE } from '../../functions/in-use/contract.ts'
import { useRig } from './rig.ts'

const ROOT = join(import.meta.dirname, '../..')
const [MEMBER, DEAD] = ['222222222222', '333333333333']
const HERE = 'ap-northeast-1'
const SHIPPED = readFileSync(join(ROOT, 'steward.yaml'), 'utf8')
const yaml = SHIPPED.replace(
  /^sweep:$/m,
  `sweep:\n  regions: [us-east-1, af-south-1]\n  accounts: ["${MEMBER}", "${DEAD}"]`,
)

const rig = await useRig({ yaml, policy: readFileSync(join(ROOT, 'lifecycle/ci.json'), 'utf8') })
const { aws, cloud } = rig.world
const HOUR = 3_600_000

aws.principals.createRole(READ_ROLE, MEMBER)
aws.disableRegion('af-south-1')
for (const [n, account] of [aws.account, MEMBER].entries())
  for (const name of ['a', 'b', 'c'])
    aws.at({ account, region: 'us-east-1' }).ecr.createRepository({ repositoryName: `far-${n}/${name}` })
aws.at({ account: MEMBER }).ecr.createRepository({ repositoryName: 'member/api' })

const bucket = aws.s3.buckets().find((name) => name.includes('sweep')) ?? ''
const read = (key: string) => JSON.parse(Buffer.from(aws.s3.read(bucket, `sweep/${key}`) ?? 'null').toString())

/** Lets the clock come to an hour, starts the sweep of it, and waits until all has come to rest. */
async function night(hour: number) {
  aws.clock.advanceTo(Date.parse('2026-11-25T00:00:00Z') + hour * HOUR)
  cloud.schedule('sweep/Schedule').fire()
  await cloud.settle()
  const execution = aws.states.executions().at(-1)
  if (!execution) throw new Error('nothing was started')
  const id = `2026-11-25t${String(hour).padStart(2, '0')}`
  return { execution, id, report: read(`${id}/report.json`) as SweepReport }
}

const digests = (): Alert[] =>
  aws.sns
    .published()
    .map(({ message }): Alert => JSON.parse(JSON.parse(message).default))
    .filter(({ kind }) => kind === 'digest')

const outcomes = (name: string): string[] =>
  rig.outcomes.filter((one) => one.function === 'sweep' && one.outcome === name).map(({ reason }) => reason)

test('a sweep goes through accounts and regions, and says of which it knows nothing', {
  timeout: 120_000,
}, async () => {
  const home = aws.ecr.repositories().length
  const { execution, report } = await night(1)
  expect(execution.status).toBe('SUCCEEDED')
  expect(execution.output).toMatchObject({ listed: home + 7, judged: home + 7, complete: false })
  const targets = report.targets.map(({ account, region, listed, problem }) => [
    account,
    region,
    listed,
    problem !== null,
  ])
  expect(targets).toEqual([
    [aws.account, HERE, home, false],
    [aws.account, 'us-east-1', 3, false],
    [aws.account, 'af-south-1', 0, true],
    [MEMBER, HERE, 1, false],
    [MEMBER, 'us-east-1', 3, false],
    [MEMBER, 'af-south-1', 0, true],
    [DEAD, HERE, 0, true],
    [DEAD, 'us-east-1', 0, true],
    [DEAD, 'af-south-1', 0, true],
  ])
  const problems = report.targets.map(({ problem }) => problem ?? '').join('\n')
  expect(problems).toContain('AccessDenied')
  expect(problems).toContain('UnrecognizedClientException')
  // Its role grants what it needs: of what is here nothing is refused.
  const refused = aws.calls.filter(
    ({ error, operation }) => error?.includes('AccessDenied') && operation !== 'AssumeRole',
  )
  expect(refused).toEqual([])
  expect(rig.outcomes.filter(({ outcome }) => outcome === 'retry')).toEqual([])
  // Nothing was told before: it is one message, whatever is in the registries.
  expect(new Set(rig.outcomes.map((one) => one.function))).toEqual(new Set(['sweep', 'notify']))
  expect(digests().at(-1)?.summary).toMatch(/^First look at 4 registries: \d+ images in \d+ repositories have findings/)
})

test('a second start in the same hour does nothing', async () => {
  const { id, report } = await night(2)
  const keys = aws.s3.keys(bucket)
  const { execution } = await night(2)
  expect(execution.status).toBe('SUCCEEDED')
  expect(execution.output).toMatchObject({
    begun: false,
    why: expect.stringContaining(`the sweep of this hour, ${id},`),
  })
  expect(aws.s3.keys(bucket)).toEqual(keys)
  expect(read(`${id}/report.json`)).toEqual(report)
})

test('a batch that always fails is not judged, and the report says so; the others are', {
  timeout: 120_000,
}, async () => {
  const when = ({ Payload }: Readonly<Record<string, unknown>>): boolean =>
    /"judge".*"us-east-1"/.test(String(Payload)) && String(Payload).includes(`"${MEMBER}"`)
  const error = { code: 'ServiceException', status: 500 }
  aws.faults.inject({ service: 'lambda', operation: 'Invoke', times: Number.POSITIVE_INFINITY, error, when })
  const { execution, report } = await night(3)
  expect(execution.status).toBe('SUCCEEDED')
  const { listed, judged, complete, notJudged } = report.coverage
  expect([listed - judged, complete, report.verdict === 'pass']).toEqual([3, false, false])
  expect(JSON.stringify(notJudged)).toContain(MEMBER)
  const failed = aws.s3
    .keys(bucket, `sweep/2026-11-25t03/map/${MEMBER}/us-east-1/`)
    .filter((key) => key.includes('FAILED'))
  expect(failed).toHaveLength(1)
})

test('a report that cannot be written fails the sweep; a redrive makes it, and judges nothing again', {
  timeout: 120_000,
}, async () => {
  const when = ({ Key }: Readonly<Record<string, unknown>>): boolean => String(Key).endsWith('report.html')
  const error = { code: 'AccessDenied', status: 403 }
  aws.faults.inject({ service: 's3', operation: 'PutObject', times: Number.POSITIVE_INFINITY, error, when })
  const { execution, id } = await night(4)
  expect(execution.status).toBe('FAILED')
  expect(read(`${id}/ended.json`)).toBeNull()
  const judged = outcomes('judged').length
  expect(judged).toBeGreaterThan(0)
  aws.faults.clear()
  aws.states.redrive(execution.arn)
  await cloud.settle()
  expect([execution.status, execution.redriveCount]).toEqual(['SUCCEEDED', 1])
  expect(outcomes('judged')).toHaveLength(judged)
  expect(read(`${id}/ended.json`)).toMatchObject({ complete: false })
})

test('from then on what is new is told by itself, once, also of a repository without an image', {
  timeout: 120_000,
}, async () => {
  const image = rig.image([{ id: 'CVE-2026-9001', severity: 'CRITICAL' }])
  aws.ecr.createRepository({ repositoryName: 'prod/empty' })
  await night(5)
  await night(6)
  const told = rig.published(image).map(({ kind, severity }) => `${kind}: ${severity}`)
  expect(told.toSorted()).toEqual(['policy: HIGH', 'vulnerabilities: CRITICAL'])
  const empty = rig.published({ ...image, repository: 'prod/empty' })
  expect(empty.map(({ kind, title }) => `${kind}: ${title}`)).toEqual([
    expect.stringMatching(/^policy: \d rules fail in prod\/empty$/),
  ])
  expect(digests().at(-1)?.summary).toMatch(/^Verdict: /)
})
