import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from './env.ts'

const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 30 },
      action: { type: 'expire' },
    },
  ],
})
const STATEMENT = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'ecr:BatchGetImage' }
const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [STATEMENT] })

let aws: LocalAws
let time = 0
let full: RepositoryRef
let bare: RepositoryRef
const repositories = () => ecrRepositories(signedAws(envOf(aws)), aws.region, () => time)
const calls = (operation: string) => aws.calls.filter((call) => call.operation === operation).length

beforeAll(async () => {
  aws = await startLocalAws()
  const call = signedAws(envOf(aws))
  const refOf = (repository: string) => ({ account: aws.account, region: aws.region, repository })
  full = refOf('prod/api')
  bare = refOf('prod/web')
  aws.ecr.createRepository({
    repositoryName: 'prod/api',
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'arn:aws:kms:ap-northeast-1:123456789012:key/1' },
    tags: [{ Key: 'owner', Value: 'team-a' }],
  })
  aws.ecr.createRepository({ repositoryName: 'prod/web' })
  await call('ecr', 'PutLifecyclePolicy', { repositoryName: 'prod/api', lifecyclePolicyText: LIFECYCLE })
  await call('ecr', 'SetRepositoryPolicy', { repositoryName: 'prod/api', policyText: POLICY })
})
beforeEach(() => aws.faults.clear())
afterAll(() => aws.close())

describe('a repository', () => {
  test('is read with one call for each value', async () => {
    const before = aws.calls.length
    const { settings, lifecyclePolicy, policy, tags } = repositories()
    expect(await settings(full)).toEqual({
      tagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      exclusions: ['latest*'],
      scanOnPush: true,
      encryption: { type: 'KMS', kmsKey: 'arn:aws:kms:ap-northeast-1:123456789012:key/1' },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
    expect(await lifecyclePolicy(full)).toBe(LIFECYCLE)
    expect(JSON.parse(String(await policy(full)))).toEqual(JSON.parse(POLICY))
    expect(await tags(full)).toEqual({ owner: 'team-a' })
    expect(aws.calls.length - before).toBe(4)
  })

  test('that was only created has no policies and no tags', async () => {
    const { settings, lifecyclePolicy, policy, tags } = repositories()
    expect(await settings(bare)).toMatchObject({ tagMutability: 'MUTABLE', exclusions: [], scanOnPush: false })
    expect(await lifecyclePolicy(bare)).toBeUndefined()
    expect(await policy(bare)).toBeUndefined()
    expect(await tags(bare)).toEqual({})
  })

  test('of which ECR says little has the least', async () => {
    const { settings } = ecrRepositories(async () => ({ repositories: [{}] }), aws.region)
    expect(await settings(bare)).toEqual({
      tagMutability: 'MUTABLE',
      exclusions: [],
      scanOnPush: false,
      encryption: { type: 'AES256', kmsKey: undefined },
      createdAt: undefined,
    })
  })
})

describe('the scanning configuration of the registry', () => {
  const scanning = {
    scanType: 'BASIC',
    rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: 'prod', filterType: 'WILDCARD' }] }],
  }
  const put = (input: object) => signedAws(envOf(aws))('ecr', 'PutRegistryScanningConfiguration', { ...input })

  test('is read once in five minutes for all repositories', async () => {
    await put(scanning)
    const [before, reader] = [calls('GetRegistryScanningConfiguration'), repositories()]
    const read = await Promise.all([reader.scanning(full), reader.scanning(bare)])
    time += 5 * 60_000 - 1
    expect([...read, await reader.scanning(full)]).toEqual(
      Array(3).fill({ scanType: 'BASIC', rules: [{ frequency: 'SCAN_ON_PUSH', filters: ['prod'] }] }),
    )
    expect(calls('GetRegistryScanningConfiguration') - before).toBe(1)
    await expect(reader.scanning({ ...full, region: 'eu-west-1' })).rejects.toMatchObject({ name: 'Unreadable' })
    time += 1
    await reader.scanning(full)
    expect(calls('GetRegistryScanningConfiguration') - before).toBe(2)
  })

  test('is read afresh after it was forgotten', async () => {
    const reader = repositories()
    await put(scanning)
    expect((await reader.scanning(full)).rules).toHaveLength(1)
    await put({ scanType: 'BASIC', rules: [] })
    expect((await reader.scanning(full)).rules).toHaveLength(1)
    reader.forget()
    expect((await reader.scanning(full)).rules).toHaveLength(0)
  })

  test('that could not be read is asked for again', async () => {
    const reader = repositories()
    aws.faults.inject({ service: 'ecr', error: { code: 'AccessDeniedException', status: 400 } })
    await expect(reader.scanning(full)).rejects.toMatchObject({
      permanent: true,
      message: 'ECR answered AccessDeniedException to GetRegistryScanningConfiguration',
    })
    expect(await reader.scanning(full)).toMatchObject({ scanType: 'BASIC' })
  })

  test('of another account is not taken for the one that was meant', async () => {
    await expect(repositories().scanning({ ...full, account: '987654321098' })).rejects.toMatchObject({
      permanent: true,
      message: 'ECR tells of registry 123456789012 alone, not of 987654321098',
    })
  })
})

describe('what cannot be read', () => {
  const values = ['settings', 'lifecyclePolicy', 'policy', 'tags'] as const

  test.each(values)('because the repository is not there is gone: %s', async (value) => {
    await expect(repositories()[value]({ ...full, repository: 'no/such' })).rejects.toMatchObject({ name: 'Gone' })
  })

  test.each(values)('for lack of permission stays so: %s', async (value) => {
    aws.faults.inject({ service: 'ecr', error: { code: 'AccessDeniedException', status: 400 } })
    await expect(repositories()[value](full)).rejects.toMatchObject({
      name: 'Unreadable',
      permanent: true,
      message: expect.stringMatching(/^ECR answered AccessDeniedException to [A-Z]\w+$/),
    })
  })

  test.each(values)('for now may be read later: %s', async (value) => {
    aws.faults.inject({ service: 'ecr', times: 3, error: { code: 'ThrottlingException', status: 400 } })
    await expect(repositories()[value](full)).rejects.toMatchObject({ name: 'Unreadable', permanent: false })
  })

  test.each([...values, 'scanning'] as const)('is of another region: %s', async (value) => {
    await expect(repositories()[value]({ ...full, region: 'eu-west-1' })).rejects.toMatchObject({
      permanent: true,
      message: 'it is in eu-west-1, not in ap-northeast-1',
    })
  })

  test.each([...values, 'scanning'] as const)(
    'is an answer that says nothing, and not a repository without policies: %s',
    async (value) => {
      await expect(ecrRepositories(async () => ({}), aws.region)[value](full)).rejects.toMatchObject({
        name: 'Unreadable',
        message: expect.stringMatching(/ without an answer$/),
      })
    },
  )

  test('is never a fault of ours', async () => {
    const broken = ecrRepositories(() => Promise.reject(new TypeError('ours')), aws.region)
    await expect(broken.policy(full)).rejects.toThrow(TypeError)
  })
})

describe('a listing', () => {
  test('has every repository with its settings, page by page', async () => {
    const other = await startLocalAws()
    try {
      for (let n = 0; n < 1_003; n++)
        other.ecr.createRepository({ repositoryName: `team/${String(n).padStart(4, '0')}` })
      const reader = ecrRepositories(signedAws(envOf(other)), other.region)
      const sizes: number[] = []
      const names: string[] = []
      for await (const page of reader.listRepositories({ account: other.account, region: other.region })) {
        sizes.push(page.length)
        names.push(...page.map(({ ref }) => ref.repository))
        expect(page[0]?.settings).toMatchObject({ tagMutability: 'MUTABLE' })
      }
      expect(sizes).toEqual([1_000, 3])
      expect(new Set(names).size).toBe(1_003)
    } finally {
      await other.close()
    }
  })

  test('that is refused is unreadable, and not empty', async () => {
    aws.faults.inject({ service: 'ecr', error: { code: 'AccessDeniedException', status: 400 } })
    const listing = repositories().listRepositories({ account: aws.account, region: aws.region })
    await expect(listing[Symbol.asyncIterator]().next()).rejects.toMatchObject({ name: 'Unreadable', permanent: true })
  })
})
