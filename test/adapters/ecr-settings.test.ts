import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ecrSettings } from '../../functions/adapters/ecr-settings.ts'
import { ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { repositoryArn } from '../../functions/domain/registry.ts'
import type { EcrWrite } from '../../functions/domain/rule/remedy.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from './env.ts'

const rule = {
  rulePriority: 1,
  selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 30 },
  action: { type: 'expire' },
}
const LIFECYCLE = JSON.stringify({ rules: [rule] })
const STATEMENT = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'ecr:BatchGetImage' }
const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [STATEMENT] })

let aws: LocalAws
let ref: RepositoryRef
const write = (operation: EcrWrite['operation'], input: object, registry = ref) =>
  ecrSettings(signedAws(envOf(aws)), aws.region)(registry, {
    operation,
    input: { repositoryName: 'prod/api', ...input },
  })
const read = () => ecrRepositories(signedAws(envOf(aws)), aws.region)

beforeAll(async () => {
  aws = await startLocalAws()
  ref = { account: aws.account, region: aws.region, repository: 'prod/api' }
  aws.ecr.createRepository({ repositoryName: 'prod/api' })
})
beforeEach(() => aws.faults.clear())
afterAll(() => aws.close())

describe('a setting of a repository', () => {
  test('is written, as it is then read', async () => {
    await write('PutImageTagMutability', { imageTagMutability: 'IMMUTABLE' })
    await write('PutImageScanningConfiguration', { imageScanningConfiguration: { scanOnPush: true } })
    await write('PutLifecyclePolicy', { lifecyclePolicyText: LIFECYCLE })
    await write('SetRepositoryPolicy', { policyText: POLICY })
    expect(await read().settings(ref)).toMatchObject({ tagMutability: 'IMMUTABLE', scanOnPush: true })
    expect(await read().lifecyclePolicy(ref)).toBe(LIFECYCLE)
    expect(JSON.parse(String(await read().policy(ref)))).toEqual(JSON.parse(POLICY))
  })

  test('is deleted, also where it is not there any more', async () => {
    await write('PutLifecyclePolicy', { lifecyclePolicyText: LIFECYCLE })
    await write('SetRepositoryPolicy', { policyText: POLICY })
    for (const operation of ['DeleteLifecyclePolicy', 'DeleteRepositoryPolicy'] as const) {
      await write(operation, {})
      await write(operation, {})
    }
    expect(await read().lifecyclePolicy(ref)).toBeUndefined()
    expect(await read().policy(ref)).toBeUndefined()
  })

  test('may be a tag, which is written by ARN', async () => {
    const settings = ecrSettings(signedAws(envOf(aws)), aws.region)
    const resourceArn = repositoryArn(ref)
    const tags = [{ Key: 'owner', Value: 'team-a' }]
    await settings(ref, { operation: 'TagResource', input: { resourceArn, tags } })
    expect(await read().tags(ref)).toEqual({ owner: 'team-a' })
    await settings(ref, { operation: 'UntagResource', input: { resourceArn, tagKeys: ['owner'] } })
    expect(await read().tags(ref)).toEqual({})
  })

  test('is not written in another registry that has a repository of the same name', async () => {
    const change = { imageTagMutability: 'MUTABLE' }
    await expect(write('PutImageTagMutability', change, { ...ref, region: 'eu-west-1' })).rejects.toMatchObject({
      name: 'Unreadable',
    })
    await expect(write('PutImageTagMutability', change, { ...ref, account: '987654321098' })).rejects.toMatchObject({
      name: 'Gone',
    })
  })

  test('that AWS refuses says which permission is missing', async () => {
    aws.faults.inject({ service: 'ecr', error: { code: 'AccessDeniedException', status: 400 } })
    await expect(write('PutImageTagMutability', { imageTagMutability: 'IMMUTABLE' })).rejects.toMatchObject({
      name: 'Unreadable',
      permanent: true,
      message: 'ECR answered AccessDeniedException to PutImageTagMutability',
    })
  })
})
