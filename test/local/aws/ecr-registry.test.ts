import {
  BatchGetRepositoryScanningConfigurationCommand,
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRegistryScanningConfigurationCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutLifecyclePolicyCommand,
  PutRegistryScanningConfigurationCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { errorOf, withLocalAws } from './clients.ts'

describe('repositories', () => {
  test('are made with their settings and described in pages by name', () =>
    withLocalAws(async (_, { ecr }) => {
      for (const repositoryName of ['c/c', 'a/a', 'b/b'])
        await ecr.send(new CreateRepositoryCommand({ repositoryName }))
      const names: (string | undefined)[] = []
      let nextToken: string | undefined
      do {
        const page = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 2, nextToken }))
        names.push(...(page.repositories ?? []).map(({ repositoryName }) => repositoryName))
        nextToken = page.nextToken
      } while (nextToken)
      expect(names).toEqual(['a/a', 'b/b', 'c/c'])
    }))

  test('are not deleted while they hold images, unless by force', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName: 'app' })
      aws.ecr.putImage({ repositoryName: 'app', imageManifest: '{}' })
      const gently = ecr.send(new DeleteRepositoryCommand({ repositoryName: 'app' }))
      expect((await errorOf(gently)).name).toBe('RepositoryNotEmptyException')
      await ecr.send(new DeleteRepositoryCommand({ repositoryName: 'app', force: true }))
      expect(aws.ecr.repositories()).toEqual([])
    }))

  test.each([
    ['x', 'must have length greater than or equal to 2'],
    ['x'.repeat(257), 'must have length less than or equal to 256'],
    ['Prod/App', 'must satisfy regular expression'],
    ['prod//app', 'must satisfy regular expression'],
    ['-app', 'must satisfy regular expression'],
  ])('the name %s is refused', (repositoryName, message) =>
    withLocalAws(async (_, { ecr }) => {
      const error = await errorOf(ecr.send(new CreateRepositoryCommand({ repositoryName })))
      expect(error.name).toBe('InvalidParameterException')
      expect(error.message).toContain(message)
    }),
  )

  test.each(['prod/team-a/app', 'a_b', 'a__b', 'a---b', 'a.b/c0'])('the name %s is fine', (repositoryName) =>
    withLocalAws(async (_, { ecr }) => {
      const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName }))
      expect(repository?.repositoryUri).toBe(`123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/${repositoryName}`)
    }),
  )

  test('the same name twice, and a name that is not there, are refused in the words of AWS', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName: 'app' })
      const twice = await errorOf(ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' })))
      expect(twice.name).toBe('RepositoryAlreadyExistsException')
      const none = await errorOf(ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['none'] })))
      expect(none.message).toBe("The repository with name 'none' does not exist in the registry with id '123456789012'")
    }))

  test('have tags', () =>
    withLocalAws(async (aws, { ecr }) => {
      const tags = [{ Key: 'team', Value: 'payments' }]
      const resourceArn = aws.ecr.createRepository({ repositoryName: 'app', tags }).repositoryArn
      await ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'tier', Value: '1' }] }))
      await ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }))
      const listed = await ecr.send(new ListTagsForResourceCommand({ resourceArn }))
      expect(listed.tags).toEqual([{ Key: 'tier', Value: '1' }])
      const many = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: '' }))
      const call = ecr.send(new TagResourceCommand({ resourceArn, tags: many }))
      expect((await errorOf(call)).name).toBe('TooManyTagsException')
      const wrong = ecr.send(new ListTagsForResourceCommand({ resourceArn: 'arn:aws:s3:::bucket' }))
      expect((await errorOf(wrong)).name).toBe('InvalidParameterException')
    }))
})

describe('policies', () => {
  const rule = {
    rulePriority: 1,
    description: 'Expire untagged images after two weeks',
    selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
    action: { type: 'expire' },
  }
  const repositoryName = 'app'

  test('a lifecycle policy is kept as written', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName })
      const none = ecr.send(new GetLifecyclePolicyCommand({ repositoryName }))
      expect((await errorOf(none)).name).toBe('LifecyclePolicyNotFoundException')
      const lifecyclePolicyText = JSON.stringify({ rules: [rule] }, null, 2)
      await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }))
      const read = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName }))
      expect(read.lifecyclePolicyText).toBe(lifecyclePolicyText)
      await ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }))
      expect(aws.ecr.repository('app')?.lifecyclePolicyText).toBeUndefined()
    }))

  test.each([
    ['too short', '{"rules":[]}'],
    ['no JSON', 'x'.repeat(200)],
    ['no rules', JSON.stringify({ rule, comment: 'x'.repeat(100) })],
    ['one priority twice', JSON.stringify({ rules: [rule, rule] })],
  ])('a lifecycle policy that is %s is refused', (_, lifecyclePolicyText) =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName })
      const call = ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }))
      expect((await errorOf(call)).name).toBe('InvalidParameterException')
    }),
  )
})

describe('the registry', () => {
  test('its rules decide how a repository is scanned', () =>
    withLocalAws(async (aws, { ecr }) => {
      for (const repositoryName of ['prod/app', 'dev/app', 'other']) aws.ecr.createRepository({ repositoryName })
      const filters = (filter: string) => [{ filter, filterType: 'WILDCARD' as const }]
      const rules = [
        { scanFrequency: 'CONTINUOUS_SCAN' as const, repositoryFilters: filters('prod/*') },
        { scanFrequency: 'SCAN_ON_PUSH' as const, repositoryFilters: filters('app') },
      ]
      await ecr.send(new PutRegistryScanningConfigurationCommand({ scanType: 'ENHANCED', rules }))
      const read = await ecr.send(new GetRegistryScanningConfigurationCommand({}))
      expect(read.scanningConfiguration).toEqual({ scanType: 'ENHANCED', rules })
      const repositoryNames = ['prod/app', 'dev/app', 'other', 'none']
      const found = await ecr.send(new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames }))
      expect(found.scanningConfigurations?.map(({ scanFrequency, scanOnPush }) => [scanFrequency, scanOnPush])).toEqual(
        [
          ['CONTINUOUS_SCAN', true],
          ['SCAN_ON_PUSH', true],
          ['MANUAL', false],
        ],
      )
      expect(found.failures).toMatchObject([{ repositoryName: 'none', failureCode: 'REPOSITORY_NOT_FOUND' }])
    }))

  test('without rules the setting of the repository counts', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName: 'app' })
      const imageScanningConfiguration = { scanOnPush: true }
      await ecr.send(new PutImageScanningConfigurationCommand({ repositoryName: 'app', imageScanningConfiguration }))
      const repositoryNames = ['app']
      const found = await ecr.send(new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames }))
      expect(found.scanningConfigurations?.[0]).toMatchObject({ scanOnPush: true, scanFrequency: 'SCAN_ON_PUSH' })
    }))

  test('without rules enhanced scanning scans nothing, whatever the repository says', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName: 'app', imageScanningConfiguration: { scanOnPush: true } })
      aws.ecr.setScanType('ENHANCED')
      const found = await ecr.send(new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: ['app'] }))
      expect(found.scanningConfigurations?.[0]).toMatchObject({ scanOnPush: false, scanFrequency: 'MANUAL' })
    }))

  test('basic scanning cannot be continuous', () =>
    withLocalAws(async (_, { ecr }) => {
      const rules = [{ scanFrequency: 'CONTINUOUS_SCAN' as const, repositoryFilters: [] }]
      const call = ecr.send(new PutRegistryScanningConfigurationCommand({ scanType: 'BASIC', rules }))
      expect((await errorOf(call)).name).toBe('InvalidParameterException')
    }))

  test('names itself and gives a token of twelve hours', () =>
    withLocalAws(async (aws, { ecr }) => {
      expect((await ecr.send(new DescribeRegistryCommand({}))).registryId).toBe(aws.account)
      const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
      const hours = ((authorizationData?.[0]?.expiresAt?.getTime() ?? 0) - aws.clock.now()) / 3_600_000
      expect(Math.round(hours)).toBe(12)
    }))
})
