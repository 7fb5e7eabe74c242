import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { type AwsCall, signedAws } from '../../functions/adapters/signed-aws.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { registryPolicy } from '../../local/seed/policies.ts'
import { envOf } from './env.ts'

let aws: LocalAws
let registry: RegistryRef
const reader = () => ecrRegistry(signedAws(envOf(aws)), aws.region)
/** ECR that gives these answers, the last one again and again. */
const answering = (...answers: readonly Record<string, unknown>[]) => {
  let n = 0
  const call: AwsCall = async () => answers[Math.min(n++, answers.length - 1)] ?? {}
  return ecrRegistry(call, aws.region)
}

const put = (operation: string, input: Record<string, unknown>) => signedAws(envOf(aws))('ecr', operation, input)

beforeAll(async () => {
  aws = await startLocalAws()
  registry = { account: aws.account, region: aws.region }
})
beforeEach(() => aws.faults.clear())
afterAll(() => aws.close())

describe('a registry', () => {
  test('is scanned as it says, read afresh each time', async () => {
    expect(await reader().scanning(registry)).toEqual({ scanType: 'BASIC', rules: [] })
    aws.ecr.setScanType('ENHANCED')
    expect(await reader().scanning(registry)).toEqual({ scanType: 'ENHANCED', rules: [] })
  })

  test('has a policy, or none', async () => {
    expect(await reader().policy(registry)).toBeUndefined()
    const policyText = registryPolicy(aws.account, aws.region)
    await put('PutRegistryPolicy', { policyText })
    expect(JSON.parse((await reader().policy(registry)) ?? '')).toEqual(JSON.parse(policyText))
  })

  test('replicates what its rules say', async () => {
    expect(await reader().replication(registry)).toEqual([])
    const toEurope = [{ region: 'eu-west-1', registryId: aws.account }]
    const rules = [
      { destinations: toEurope, repositoryFilters: [{ filter: 'prod/', filterType: 'PREFIX_MATCH' }] },
      { destinations: [{ region: 'us-east-1', registryId: aws.account }] },
    ]
    await put('PutReplicationConfiguration', { replicationConfiguration: { rules } })
    expect(await reader().replication(registry)).toEqual([
      { destinations: [{ region: 'eu-west-1', account: aws.account }], prefixes: ['prod/'] },
      { destinations: [{ region: 'us-east-1', account: aws.account }], prefixes: [] },
    ])
  })

  test('caches what its rules say', async () => {
    expect(await reader().cacheRules(registry)).toEqual([])
    const credentialArn = aws.secrets.put('ecr-pullthroughcache/hub', '{"username":"u","accessToken":"t"}')
    await put('CreatePullThroughCacheRule', {
      ecrRepositoryPrefix: 'hub',
      upstreamRegistryUrl: 'registry-1.docker.io',
      credentialArn,
    })
    await put('CreatePullThroughCacheRule', { ecrRepositoryPrefix: 'quay', upstreamRegistryUrl: 'quay.io' })
    expect(await reader().cacheRules(registry)).toEqual([
      { prefix: 'hub', upstream: 'registry-1.docker.io', credentialArn, customRoleArn: undefined },
      { prefix: 'quay', upstream: 'quay.io', credentialArn: undefined, customRoleArn: undefined },
    ])
  })

  test('has more cache rules than a page', async () => {
    const page = (host: string) => ({
      pullThroughCacheRules: [{ ecrRepositoryPrefix: 'a', upstreamRegistryUrl: host, customRoleArn: 'arn' }],
    })
    const both = [{ ...page('https://Public.ECR.aws/'), nextToken: 'more' }, page('quay.io')]
    expect(await answering(...both).cacheRules(registry)).toMatchObject([
      { upstream: 'public.ecr.aws', customRoleArn: 'arn' },
      { upstream: 'quay.io' },
    ])
  })
})

describe('what cannot be read of a registry', () => {
  const values = ['scanning', 'policy', 'replication', 'cacheRules'] as const

  test.each(values)('for lack of permission stays so: %s', async (value) => {
    aws.faults.inject({ service: 'ecr', error: { code: 'AccessDeniedException', status: 400 } })
    await expect(reader()[value](registry)).rejects.toMatchObject({ name: 'Unreadable', permanent: true })
  })

  test.each(values)('is of another region: %s', async (value) => {
    await expect(reader()[value]({ ...registry, region: 'eu-west-1' })).rejects.toMatchObject({ name: 'Unreadable' })
  })

  test.each(values)('is an answer that says nothing, and not a registry without settings: %s', async (value) => {
    await expect(answering({})[value](registry)).rejects.toMatchObject({ name: 'Unreadable' })
  })

  test.each(['scanning', 'policy', 'replication'] as const)('is of another account: %s', async (value) => {
    await expect(answering({ registryId: '987654321098' })[value](registry)).rejects.toMatchObject({
      message: 'ECR tells of registry 987654321098 alone, not of 123456789012',
    })
  })

  test('is a replication filter that means something else than a prefix', async () => {
    const rules = [{ destinations: [], repositoryFilters: [{ filter: 'prod', filterType: 'SUFFIX_MATCH' }] }]
    await expect(answering({ replicationConfiguration: { rules } }).replication(registry)).rejects.toMatchObject({
      message: 'replication has a filter of the type SUFFIX_MATCH, which is not known here',
    })
  })
})
