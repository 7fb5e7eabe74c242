import {
  CreateRepositoryCreationTemplateCommand,
  type CreateRepositoryCreationTemplateCommandInput,
  DeleteRepositoryCreationTemplateCommand,
  DeregisterPullTimeUpdateExclusionCommand,
  DescribeRepositoryCreationTemplatesCommand,
  type ECRClient,
  InitiateLayerUploadCommand,
  ListPullTimeUpdateExclusionsCommand,
  PutImageCommand,
  RegisterPullTimeUpdateExclusionCommand,
  UpdateRepositoryCreationTemplateCommand,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { errorOf, withLocalAws } from './clients.ts'
import { manifestOf } from './manifests.ts'

const ROLE = 'arn:aws:iam::123456789012:role/births'
const KEY = 'arn:aws:kms:ap-northeast-1:123456789012:key/0a1b'
const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'untagged images go after a week, tagged ones stay',
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
      action: { type: 'expire' },
    },
  ],
})
const PULL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '210987654321' }, Action: 'ecr:BatchGetImage' }],
})
const filters = [{ filterType: 'WILDCARD' as const, filter: 'dev-*' }]

type Given = Partial<CreateRepositoryCreationTemplateCommandInput>
const create = (ecr: ECRClient, input: Given = {}) =>
  ecr.send(new CreateRepositoryCreationTemplateCommand({ prefix: 'prod', appliedFor: ['REPLICATION'], ...input }))

describe('creation templates', () => {
  test('are made, changed, described in pages by prefix, and deleted', () =>
    withLocalAws(async (_, { ecr }) => {
      expect(await create(ecr, { description: 'first' })).toMatchObject({
        registryId: '123456789012',
        repositoryCreationTemplate: {
          ...{ prefix: 'prod', appliedFor: ['REPLICATION'], imageTagMutability: 'MUTABLE' },
          encryptionConfiguration: { encryptionType: 'AES256' },
        },
      })
      await create(ecr, {
        prefix: 'ROOT',
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: filters,
      })
      const describing = async (input: object) => {
        const found = await ecr.send(new DescribeRepositoryCreationTemplatesCommand(input))
        return [found.repositoryCreationTemplates?.map(({ prefix }) => prefix), found.nextToken] as const
      }
      const [first, nextToken] = await describing({ maxResults: 1 })
      expect([first, await describing({ nextToken })]).toEqual([['ROOT'], [['prod'], undefined]])
      expect(await describing({ prefixes: ['prod', 'other'] })).toEqual([['prod'], undefined])
      const update = new UpdateRepositoryCreationTemplateCommand({ prefix: 'ROOT', imageTagMutability: 'IMMUTABLE' })
      const { repositoryCreationTemplate: changed } = await ecr.send(update)
      expect(changed).toMatchObject({ imageTagMutability: 'IMMUTABLE', appliedFor: ['REPLICATION'] })
      expect(changed).not.toHaveProperty('imageTagMutabilityExclusionFilters')
      const remove = () => ecr.send(new DeleteRepositoryCreationTemplateCommand({ prefix: 'prod' }))
      expect((await remove()).repositoryCreationTemplate).toMatchObject({ description: 'first' })
      expect((await errorOf(remove())).name).toBe('TemplateNotFoundException')
      expect((await errorOf(ecr.send(new UpdateRepositoryCreationTemplateCommand({ prefix: 'prod' })))).name).toBe(
        'TemplateNotFoundException',
      )
    }))

  test.each<[string, Given, string, RegExp]>([
    ['a prefix that is taken', { prefix: 'taken/' }, 'TemplateAlreadyExistsException', /'taken\/' already exists/],
    ['a prefix that is none', { prefix: 'Prod' }, 'InvalidParameterException', /'prefix'/],
    ['nothing that it is for', { appliedFor: [] }, 'InvalidParameterException', /'appliedFor'/],
    ['tags without a role', { resourceTags: [{ Key: 'a', Value: 'b' }] }, 'InvalidParameterException', /customRoleArn/],
    [
      'a key without a role',
      { encryptionConfiguration: { encryptionType: 'KMS' } },
      'InvalidParameterException',
      /customRoleArn/,
    ],
    [
      'an alias where a key belongs',
      { customRoleArn: ROLE, encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/mine' } },
      'InvalidParameterException',
      /'kmsKey'/,
    ],
    [
      'a key for AES256',
      { encryptionConfiguration: { encryptionType: 'AES256', kmsKey: KEY } },
      'InvalidParameterException',
      /kmsKey must be null/,
    ],
    ['a lifecycle policy that is none', { lifecyclePolicy: '{}' }, 'InvalidParameterException', /lifecyclePolicy/i],
    ['a policy that is none', { repositoryPolicy: '{}' }, 'InvalidParameterException', /repository policy/],
    [
      'filters without a mutability for them',
      { imageTagMutabilityExclusionFilters: filters },
      'InvalidParameterException',
      /must be null/,
    ],
  ])('%s is refused', (_, input, name, message) =>
    withLocalAws(async (_, { ecr }) => {
      await create(ecr, { prefix: 'taken' })
      expect(await errorOf(create(ecr, input))).toMatchObject({ name, message: expect.stringMatching(message) })
    }),
  )

  test('ask for the rights to all that is done by them', () =>
    withLocalAws(async (aws, { ecr }) => {
      const asked: string[] = []
      aws.authorize = ({ action, resource }) => {
        asked.push(`${action} ${resource}`)
        return { allowed: true }
      }
      await create(ecr, { customRoleArn: ROLE, lifecyclePolicy: LIFECYCLE, repositoryPolicy: PULL })
      expect(asked).toEqual([
        ...['CreateRepositoryCreationTemplate', 'CreateRepository', 'PutLifecyclePolicy', 'SetRepositoryPolicy'].map(
          (action) => `ecr:${action} *`,
        ),
        `iam:PassRole ${ROLE}`,
      ])
    }))
})

describe('a repository that ECR makes', () => {
  const every = ['REPLICATION', 'PULL_THROUGH_CACHE', 'CREATE_ON_PUSH'] as const
  test('has the settings of the template with the longest prefix, that of the root last', () =>
    withLocalAws(async (aws, { ecr }) => {
      const appliedFor = [...every]
      await create(ecr, { prefix: 'ROOT', appliedFor, imageTagMutability: 'IMMUTABLE' })
      await create(ecr, { prefix: 'prod', appliedFor })
      await create(ecr, {
        ...{ prefix: 'prod/team', appliedFor: ['REPLICATION'], customRoleArn: ROLE },
        ...{ lifecyclePolicy: LIFECYCLE, repositoryPolicy: PULL, resourceTags: [{ Key: 'owner', Value: 'team' }] },
        encryptionConfiguration: { encryptionType: 'KMS', kmsKey: KEY },
      })
      expect(aws.ecr.bornBy('REPLICATION', 'prod/team/web')).toMatchObject({
        encryptionConfiguration: { encryptionType: 'KMS', kmsKey: KEY },
      })
      expect(aws.ecr.repository('prod/team/web')).toMatchObject({
        tags: new Map([['owner', 'team']]),
        lifecyclePolicyText: LIFECYCLE,
        policyText: expect.stringContaining('210987654321:root'),
      })
      const mutability = (...birth: Parameters<typeof aws.ecr.bornBy>) => aws.ecr.bornBy(...birth).imageTagMutability
      expect(mutability('PULL_THROUGH_CACHE', 'prod/team/api')).toBe('MUTABLE')
      expect(mutability('PULL_THROUGH_CACHE', 'production/web')).toBe('IMMUTABLE')
      expect(() => aws.ecr.bornBy('REPLICATION', 'prod/team/web')).toThrow('already exists')
    }))

  test('has the usual settings without a template', () =>
    withLocalAws(async (aws) => {
      expect(aws.ecr.bornBy('REPLICATION', 'web')).toMatchObject({
        imageTagMutability: 'MUTABLE',
        encryptionConfiguration: { encryptionType: 'AES256' },
      })
    }))

  test('is made by a push where a template says so, and nowhere else', () =>
    withLocalAws(async (aws, { ecr }) => {
      await create(ecr, { appliedFor: ['CREATE_ON_PUSH'], imageTagMutability: 'IMMUTABLE' })
      await create(ecr, { prefix: 'cache' })
      await ecr.send(new InitiateLayerUploadCommand({ repositoryName: 'prod/web' }))
      expect(aws.ecr.repository('prod/web')?.settings.imageTagMutability).toBe('IMMUTABLE')
      await ecr.send(new PutImageCommand({ repositoryName: 'prod/api', imageManifest: manifestOf('a') }))
      expect(aws.ecr.repository('prod/api')?.images.size).toBe(1)
      for (const repositoryName of ['cache/web', 'prod'])
        expect((await errorOf(ecr.send(new InitiateLayerUploadCommand({ repositoryName })))).name).toBe(
          'RepositoryNotFoundException',
        )
    }))
})

describe('principals whose pulls are not recorded', () => {
  const register = (ecr: ECRClient, principalArn: string) =>
    ecr.send(new RegisterPullTimeUpdateExclusionCommand({ principalArn }))

  test('are registered once, listed in pages, and deregistered', () =>
    withLocalAws(async (_, { ecr }) => {
      const user = 'arn:aws:iam::123456789012:user/ci/scanner'
      expect(await register(ecr, user)).toMatchObject({ principalArn: user, createdAt: expect.any(Date) })
      await register(ecr, ROLE)
      expect((await errorOf(register(ecr, user))).name).toBe('ExclusionAlreadyExistsException')
      expect((await errorOf(register(ecr, 'arn:aws:iam::123456789012:root'))).name).toBe('InvalidParameterException')
      const list = (input: object) => ecr.send(new ListPullTimeUpdateExclusionsCommand(input))
      const { pullTimeUpdateExclusions, nextToken } = await list({ maxResults: 1 })
      expect(pullTimeUpdateExclusions).toEqual([ROLE])
      expect((await list({ nextToken })).pullTimeUpdateExclusions).toEqual([user])
      const remove = () => ecr.send(new DeregisterPullTimeUpdateExclusionCommand({ principalArn: user }))
      await remove()
      expect((await errorOf(remove())).name).toBe('ExclusionNotFoundException')
    }))

  test('are 100 at most', () =>
    withLocalAws(async (aws, { ecr }) => {
      for (let n = 0; n < 100; n++) aws.call('ecr', 'RegisterPullTimeUpdateExclusion', { principalArn: `${ROLE}-${n}` })
      expect((await errorOf(register(ecr, ROLE))).name).toBe('LimitExceededException')
    }))

  test('do not move the time of the last pull, whether named or as a session', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName: 'app' })
      const { digest: imageDigest } = aws.ecr.putImage({ repositoryName: 'app', imageManifest: manifestOf('a') })
      const pulled = () => aws.ecr.repository('app')?.images.get(imageDigest)?.lastRecordedPullTime
      await register(ecr, ROLE)
      aws.ecr.pull('app', { imageDigest }, ROLE)
      aws.ecr.pull('app', { imageDigest }, 'arn:aws:sts::123456789012:assumed-role/births/session')
      expect(pulled()).toBeUndefined()
      aws.ecr.pull('app', { imageDigest }, 'arn:aws:sts::123456789012:assumed-role/other/session')
      expect(pulled()).toBeInstanceOf(Date)
    }))
})

test('an account may have a setting that nobody can put any more', () =>
  withLocalAws(async (aws) => {
    const read = () => aws.call('ecr', 'GetAccountSetting', { name: 'REGISTRY_POLICY_SCOPE' })
    aws.ecr.setAccountSetting('REGISTRY_POLICY_SCOPE', 'V1')
    expect(read()).toMatchObject({ value: 'V1' })
    aws.call('ecr', 'PutAccountSetting', { name: 'REGISTRY_POLICY_SCOPE', value: 'V2' })
    expect(read()).toMatchObject({ value: 'V2' })
  }))
