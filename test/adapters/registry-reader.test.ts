import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { type AwsCall, AwsError, signedAws } from '../../functions/adapters/signed-aws.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
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
    expect(await answering({ registryId: aws.account, policyText: '{}' }).policy(registry)).toBe('{}')
    const none: AwsCall = () => Promise.reject(new AwsError('RegistryPolicyNotFoundException', false))
    expect(await ecrRegistry(none, aws.region).policy(registry)).toBeUndefined()
  })

  test('replicates what its rules say', async () => {
    expect(await reader().replication(registry)).toEqual([])
    const rules = [
      {
        destinations: [{ region: 'eu-west-1', registryId: '123456789012' }],
        repositoryFilters: [{ filter: 'prod/', filterType: 'PREFIX_MATCH' }],
      },
      { destinations: [] },
    ]
    expect(await answering({ replicationConfiguration: { rules } }).replication(registry)).toEqual([
      { destinations: [{ region: 'eu-west-1', account: '123456789012' }], prefixes: ['prod/'] },
      { destinations: [], prefixes: [] },
    ])
  })

  test('caches what its rules say, page by page', async () => {
    const role = 'arn:aws:iam::123456789012:role/cache'
    const secret = 'arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:ecr-pullthroughcache/hub'
    const pages = [
      {
        pullThroughCacheRules: [
          { ecrRepositoryPrefix: 'hub', upstreamRegistryUrl: 'registry-1.docker.io', credentialArn: secret },
        ],
        nextToken: 'more',
      },
      {
        pullThroughCacheRules: [
          { ecrRepositoryPrefix: 'public', upstreamRegistryUrl: 'https://Public.ECR.aws/', customRoleArn: role },
        ],
      },
    ]
    expect(await answering(...pages).cacheRules(registry)).toEqual([
      { prefix: 'hub', upstream: 'registry-1.docker.io', credentialArn: secret, customRoleArn: undefined },
      { prefix: 'public', upstream: 'public.ecr.aws', credentialArn: undefined, customRoleArn: role },
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
