import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Caller, credentialsIn, problemWith, registryCalls } from '../../functions/adapters/registry-calls.ts'
import { Unreadable } from '../../functions/faults.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from './env.ts'

const OTHER = '222222222222'
const ARN = `arn:aws:iam::${OTHER}:role/ecr-steward-read`
const FAR = 'us-east-1'

let aws: LocalAws
beforeEach(async () => {
  aws = await startLocalAws()
})
afterEach(() => aws.close())

const home = () => ({ account: aws.account, region: aws.region })
const caller = (change: Partial<Caller> = {}): Caller => ({ env: envOf(aws), home: home(), ...change })
const assumed = () => aws.calls.filter(({ operation }) => operation === 'AssumeRole').map(({ input }) => input)

/** Names of the repositories of a registry, as its own calls tell them. */
async function namesIn(calls: ReturnType<typeof registryCalls>, registry = home()): Promise<readonly string[]> {
  const { repositories } = await calls(registry)('ecr', 'DescribeRepositories', {})
  return (repositories as { repositoryName: string }[]).map(({ repositoryName }) => repositoryName)
}

test('each registry is called in its account and region; the own account needs no role', async () => {
  aws.principals.createRole('ecr-steward-read', OTHER)
  for (const [account, region] of [
    [aws.account, aws.region],
    [aws.account, FAR],
    [OTHER, aws.region],
    [OTHER, FAR],
  ] as const)
    aws.at({ account, region }).ecr.createRepository({ repositoryName: `${account}/${region}` })
  const calls = registryCalls(caller(), 'test')
  expect(assumed()).toEqual([])
  expect(await namesIn(calls)).toEqual([`${aws.account}/${aws.region}`])
  expect(await namesIn(calls, { ...home(), region: FAR })).toEqual([`${aws.account}/${FAR}`])
  expect(assumed()).toEqual([])
  expect(await namesIn(calls, { ...home(), account: OTHER })).toEqual([`${OTHER}/${aws.region}`])
  expect(await namesIn(calls, { account: OTHER, region: FAR })).toEqual([`${OTHER}/${FAR}`])
  expect(assumed()).toEqual([expect.objectContaining({ RoleArn: ARN, RoleSessionName: 'ecr-steward-test' })])
})

test('a role is assumed once for all who call at the same time, and again before its session ends', async () => {
  aws.principals.createRole('ecr-steward-read', OTHER)
  let now = new Date(aws.clock.now())
  const calls = registryCalls(caller({ now: () => now }), 'test')
  const there = { ...home(), account: OTHER }
  await Promise.all([1, 2, 3].map(() => namesIn(calls, there)))
  await namesIn(calls, there)
  expect(assumed()).toHaveLength(1)
  now = new Date(now.getTime() + 56 * 60_000)
  await namesIn(calls, there)
  expect(assumed()).toHaveLength(2)
})

test('another role is assumed where one is named, and told what it wants to be told', async () => {
  aws.principals.createRole('ecr-steward-other', OTHER, 'steward-7')
  const calls = registryCalls(caller({ role: 'ecr-steward-other', externalId: 'steward-7' }), 'test')
  expect(await namesIn(calls, { ...home(), account: OTHER })).toEqual([])
  expect(assumed()).toEqual([expect.objectContaining({ ExternalId: 'steward-7' })])
})

test('a role that cannot be assumed makes the registry unreadable, in words; the next call tries anew', async () => {
  const calls = registryCalls(caller(), 'test')
  const reading = namesIn(calls, { ...home(), account: OTHER })
  await expect(reading).rejects.toThrow(Unreadable)
  await expect(reading).rejects.toMatchObject({
    permanent: true,
    message: `the role ${ARN} cannot be assumed: AccessDenied; deploy the member stack in account ${OTHER} (docs/members.md), or take it out of sweep.accounts`,
  })
  aws.principals.createRole('ecr-steward-read', OTHER)
  expect(await namesIn(calls, { ...home(), account: OTHER })).toEqual([])
})

test('an STS that fails for now is no advice to deploy something', async () => {
  aws.faults.inject({
    service: 'sts',
    operation: 'AssumeRole',
    times: 3,
    error: { code: 'InternalFailure', status: 500 },
  })
  const reading = namesIn(registryCalls(caller(), 'test'), { ...home(), account: OTHER })
  await expect(reading).rejects.toMatchObject({
    permanent: false,
    message: `the role ${ARN} cannot be assumed: InternalFailure`,
  })
})

test('a problem is told in words; what is none of AWS goes up', async () => {
  expect(await problemWith(undefined)).toBeUndefined()
  expect(await problemWith(credentialsIn(caller())(OTHER, 'test'))).toContain('cannot be assumed')
  aws.principals.createRole('ecr-steward-read', OTHER)
  expect(await problemWith(credentialsIn(caller())(OTHER, 'test'))).toBeUndefined()
  const credentials = () => Promise.reject(new TypeError('a fault of ours'))
  await expect(problemWith(credentialsIn(caller({ credentials }))(OTHER, 'test'))).rejects.toThrow(TypeError)
})
