import {
  CreatePullThroughCacheRuleCommand,
  type CreatePullThroughCacheRuleCommandInput,
  CreateRepositoryCommand,
  DeletePullThroughCacheRuleCommand,
  DescribePullThroughCacheRulesCommand,
  DescribeRegistryCommand,
  type ECRClient,
  GetAccountSettingCommand,
  ListImageReferrersCommand,
  PutAccountSettingCommand,
  PutImageTagMutabilityCommand,
  PutReplicationConfigurationCommand,
  UpdatePullThroughCacheRuleCommand,
  ValidatePullThroughCacheRuleCommand,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import { errorOf, withLocalAws } from './clients.ts'
import { manifestOf } from './manifests.ts'

describe('replication', () => {
  const put = (ecr: ECRClient, destinations: { region: string; registryId: string }[]) => {
    const repositoryFilters = [{ filter: 'prod/', filterType: 'PREFIX_MATCH' as const }]
    const replicationConfiguration = { rules: [{ destinations, repositoryFilters }] }
    return ecr.send(new PutReplicationConfigurationCommand({ replicationConfiguration }))
  }

  test('is none at first, and then what was put', () =>
    withLocalAws(async (_, { ecr }) => {
      const configuration = async () => (await ecr.send(new DescribeRegistryCommand({}))).replicationConfiguration
      expect(await configuration()).toEqual({ rules: [] })
      await put(ecr, [{ region: 'eu-west-1', registryId: '123456789012' }])
      expect(await configuration()).toMatchObject({ rules: [{ destinations: [{ region: 'eu-west-1' }] }] })
    }))

  test.each([
    [
      'to the registry itself',
      [{ region: 'ap-northeast-1', registryId: '123456789012' }],
      /same as the source registry/,
    ],
    [
      'to more than 25 registries',
      Array.from({ length: 26 }, (_, n) => ({ region: 'eu-west-1', registryId: String(987_654_321_000 + n) })),
      /at most 25 unique destinations/,
    ],
  ])('%s is refused', (_, destinations, message) =>
    withLocalAws(async (_, { ecr }) => {
      expect(await errorOf(put(ecr, destinations))).toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringMatching(message),
      })
    }),
  )
})

describe('account settings', () => {
  test('have defaults, and change', () =>
    withLocalAws(async (_, { ecr }) => {
      const settingOf = async (name: string) => (await ecr.send(new GetAccountSettingCommand({ name }))).value
      expect(await settingOf('BASIC_SCAN_TYPE_VERSION')).toBe('AWS_NATIVE')
      expect(await settingOf('REGISTRY_POLICY_SCOPE')).toBe('V2')
      await ecr.send(new PutAccountSettingCommand({ name: 'BLOB_MOUNTING', value: 'ENABLED' }))
      expect(await settingOf('BLOB_MOUNTING')).toBe('ENABLED')
    }))

  test.each([
    ['toString', 'V2'],
    ['REGISTRY_POLICY_SCOPE', 'V9'],
  ])('%s cannot be %s', (name, value) =>
    withLocalAws(async (_, { ecr }) => {
      const call = ecr.send(new PutAccountSettingCommand({ name, value }))
      expect((await errorOf(call)).name).toBe('InvalidParameterException')
    }),
  )
})

describe('pull through cache rules', () => {
  const create = (ecr: ECRClient, input: Partial<CreatePullThroughCacheRuleCommandInput> = {}) =>
    ecr.send(
      new CreatePullThroughCacheRuleCommand({ ecrRepositoryPrefix: 'quay', upstreamRegistryUrl: 'quay.io', ...input }),
    )
  const HUB = { ecrRepositoryPrefix: 'docker-hub', upstreamRegistryUrl: 'registry-1.docker.io' }
  const prefixes = async (ecr: ECRClient, input: object = {}) => {
    const { pullThroughCacheRules = [], nextToken } = await ecr.send(new DescribePullThroughCacheRulesCommand(input))
    return { found: pullThroughCacheRules.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix), nextToken }
  }

  test('are made, described in pages by prefix, and deleted', () =>
    withLocalAws(async (aws, { ecr }) => {
      const credentialArn = aws.secrets.put('ecr-pullthroughcache/docker-hub', '{}')
      expect(await create(ecr)).toMatchObject({ upstreamRegistry: 'quay', registryId: '123456789012' })
      await create(ecr, { ...HUB, credentialArn })
      const { found, nextToken } = await prefixes(ecr, { maxResults: 1 })
      expect(found).toEqual(['docker-hub'])
      expect(await prefixes(ecr, { nextToken })).toEqual({ found: ['quay'], nextToken: undefined })
      expect((await prefixes(ecr, { ecrRepositoryPrefixes: ['quay'] })).found).toEqual(['quay'])
      await ecr.send(new DeletePullThroughCacheRuleCommand({ ecrRepositoryPrefix: 'quay' }))
      expect((await errorOf(prefixes(ecr, { ecrRepositoryPrefixes: ['quay'] }))).name).toBe(
        'PullThroughCacheRuleNotFoundException',
      )
    }))

  test('are valid while their secret is there', () =>
    withLocalAws(async (aws, { ecr }) => {
      const credentialArn = aws.secrets.put('ecr-pullthroughcache/docker-hub', '{}')
      await create(ecr, { ...HUB, credentialArn })
      const { ecrRepositoryPrefix } = HUB
      const validate = () => ecr.send(new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix }))
      expect(await validate()).toMatchObject({ isValid: true, credentialArn })
      aws.call('secretsmanager', 'DeleteSecret', { SecretId: credentialArn, ForceDeleteWithoutRecovery: true })
      expect(await validate()).toMatchObject({ isValid: false, failure: expect.stringContaining('not found') })
      const other = aws.secrets.put('ecr-pullthroughcache/other', '{}')
      await ecr.send(new UpdatePullThroughCacheRuleCommand({ ecrRepositoryPrefix, credentialArn: other }))
      expect(await validate()).toMatchObject({ isValid: true, credentialArn: other })
    }))

  const gone = 'arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:ecr-pullthroughcache/gone-a1b2c3'
  test.each([
    [
      'an upstream that nobody knows',
      { upstreamRegistryUrl: 'harbor.example.com' },
      'UnsupportedUpstreamRegistryException',
    ],
    ['an upstream of another name', { upstreamRegistry: 'k8s' as const }, 'UnsupportedUpstreamRegistryException'],
    ['Docker Hub without credentials', HUB, 'UnsupportedUpstreamRegistryException'],
    ['a secret that is not there', { ...HUB, credentialArn: gone }, 'SecretNotFoundException'],
    ['a secret of another name', { ...HUB, credentialArn: gone.replace('ecr-', 'my-') }, 'InvalidParameterException'],
    ['a prefix that is taken', {}, 'PullThroughCacheRuleAlreadyExistsException'],
  ])('%s is refused', (_, input, name) =>
    withLocalAws(async (_, { ecr }) => {
      await create(ecr)
      expect((await errorOf(create(ecr, { ecrRepositoryPrefix: 'quay', ...input }))).name).toBe(name)
    }),
  )

  test('are 50 at most', () =>
    withLocalAws(async (aws, { ecr }) => {
      for (let n = 0; n < 50; n++)
        aws.call('ecr', 'CreatePullThroughCacheRule', {
          ecrRepositoryPrefix: `quay-${n}`,
          upstreamRegistryUrl: 'quay.io',
        })
      expect((await errorOf(create(ecr))).name).toBe('LimitExceededException')
    }))
})

describe('exclusions from tag mutability', () => {
  const filters = (...texts: string[]) => texts.map((filter) => ({ filterType: 'WILDCARD' as const, filter }))
  test.each([
    ['none where there should be some', 'IMMUTABLE_WITH_EXCLUSION', undefined, /can't be null/],
    ['some where there should be none', 'IMMUTABLE', filters('latest'), /must be null/],
    ['three wildcards', 'MUTABLE_WITH_EXCLUSION', filters('*-*-*'), /at most 2 wildcards/],
    ['six filters', 'IMMUTABLE_WITH_EXCLUSION', filters('a', 'b', 'c', 'd', 'e', 'f'), /less than or equal to 5/],
    ['a blank', 'IMMUTABLE_WITH_EXCLUSION', filters('a b'), /regular expression/],
  ] as const)('%s are refused, at creation and later', (_, imageTagMutability, exclusions, message) =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName: 'there' })
      const settings = { imageTagMutability, imageTagMutabilityExclusionFilters: exclusions?.slice() }
      for (const call of [
        ecr.send(new CreateRepositoryCommand({ repositoryName: 'new', ...settings })),
        ecr.send(new PutImageTagMutabilityCommand({ repositoryName: 'there', ...settings })),
      ])
        expect(await errorOf(call)).toMatchObject({
          name: 'InvalidParameterException',
          message: expect.stringMatching(message),
        })
    }),
  )
})

describe('referrers', () => {
  const repositoryName = 'app'
  const subject = {
    digest: digestOf(manifestOf('a')),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 1,
  }
  const about = (artifactType: string, n = 0) =>
    JSON.stringify({ schemaVersion: 2, artifactType, subject, layers: [], annotations: { number: String(n) } })
  const list = async (ecr: ECRClient, input: object = {}) =>
    ecr.send(new ListImageReferrersCommand({ repositoryName, subjectId: { imageDigest: subject.digest }, ...input }))

  test('are listed by their subject, by type and in pages of 20', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName })
      aws.ecr.putImage({ repositoryName, imageManifest: manifestOf('a') })
      for (let n = 0; n < 51; n++)
        aws.ecr.putImage({ repositoryName, imageManifest: about('application/spdx+json', n) })
      aws.ecr.putImage({ repositoryName, imageManifest: about('application/signature') })
      const first = await list(ecr)
      expect(first.referrers).toHaveLength(20)
      expect((await list(ecr, { nextToken: first.nextToken, maxResults: 50 })).referrers).toHaveLength(32)
      const signatures = await list(ecr, { filter: { artifactTypes: ['application/signature'] } })
      const digest = digestOf(about('application/signature'))
      expect(signatures.referrers).toMatchObject([{ digest, artifactStatus: 'ACTIVE', annotations: { number: '0' } }])
      expect((await list(ecr, { filter: { artifactStatus: 'ARCHIVED' } })).referrers).toEqual([])
      expect((await list(ecr, { subjectId: { imageDigest: digest } })).referrers).toEqual([])
    }))
})

test('an action is asked for on the repository, on everything for the registry, and by its own name', () =>
  withLocalAws(async (aws, { ecr }) => {
    const asked: string[] = []
    aws.authorize = ({ action, resource }) => {
      asked.push(`${action} ${resource}`)
      return { allowed: true }
    }
    const tags = [{ Key: 'owner', Value: 'team-a' }]
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app', tags }))
    await ecr.send(new ListImageReferrersCommand({ repositoryName: 'app', subjectId: { imageDigest: 'sha256:00' } }))
    await ecr.send(new DescribeRegistryCommand({}))
    const arn = 'arn:aws:ecr:ap-northeast-1:123456789012:repository/app'
    expect(asked).toEqual([
      `ecr:CreateRepository ${arn}`,
      `ecr:TagResource ${arn}`,
      `ecr:BatchGetImage ${arn}`,
      'ecr:DescribeRegistry *',
    ])
  }))
