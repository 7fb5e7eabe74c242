import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import { type AwsCall, signedAws } from '../../functions/adapters/signed-aws.ts'
import { RULES } from '../../functions/domain/rulebook.ts'
import { gather } from '../../functions/policy/gather.ts'
import type { RegistryReader, RepositoryReader } from '../../functions/policy/reader.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { REPOSITORY_POLICIES } from '../../local/seed/policies.ts'
import { defaultsOf, NOW } from '../domain/rules/facts.ts'
import { policyOf, root } from '../domain/rules/policies.ts'
import { hasMoto, startMoto, withMoto } from '../local/aws/moto.ts'
import { envOf } from './env.ts'

const repositoryName = 'prod/api'
const filters = (...all: readonly string[]) => all.map((filter) => ({ filter, filterType: 'WILDCARD' }))
const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
      action: { type: 'expire' },
    },
  ],
})

// moto takes what version 1 of registry policies allowed: replication alone.
const REPLICATION_POLICY = policyOf({
  Sid: 'AllowReplication',
  Effect: 'Allow',
  Principal: root('987654321098'),
  Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
  Resource: 'arn:aws:ecr:ap-northeast-1:123456789012:repository/*',
})

type Setting = readonly [operation: string, input: Readonly<Record<string, unknown>>]

/** One setting after the other, each on top of those before. */
const steps: readonly (readonly [name: string, setting: Setting])[] = [
  ['a new repository', ['CreateRepository', { repositoryName }]],
  ['immutable tags', ['PutImageTagMutability', { repositoryName, imageTagMutability: 'IMMUTABLE' }]],
  [
    'scan on push',
    ['PutImageScanningConfiguration', { repositoryName, imageScanningConfiguration: { scanOnPush: true } }],
  ],
  ['a lifecycle policy', ['PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: LIFECYCLE }]],
  ['a public policy', ['SetRepositoryPolicy', { repositoryName, policyText: REPOSITORY_POLICIES.public }]],
  ['a policy for some', ['SetRepositoryPolicy', { repositoryName, policyText: REPOSITORY_POLICIES.shared }]],
  ['no policy', ['DeleteRepositoryPolicy', { repositoryName }]],
  [
    'a tag',
    [
      'TagResource',
      {
        resourceArn: `arn:aws:ecr:ap-northeast-1:123456789012:repository/${repositoryName}`,
        tags: [{ Key: 'owner', Value: 'team-a' }],
      },
    ],
  ],
  [
    'scanning rules about others',
    [
      'PutRegistryScanningConfiguration',
      { scanType: 'BASIC', rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: filters('dev/*') }] },
    ],
  ],
  [
    'enhanced scanning of everything',
    [
      'PutRegistryScanningConfiguration',
      { scanType: 'ENHANCED', rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: filters('*') }] },
    ],
  ],
  ['a registry policy', ['PutRegistryPolicy', { policyText: REPLICATION_POLICY }]],
  [
    'replication',
    [
      'PutReplicationConfiguration',
      {
        replicationConfiguration: {
          rules: [{ destinations: [{ region: 'eu-west-1', registryId: '123456789012' }] }],
        },
      },
    ],
  ],
]

const PARAMETERS: Readonly<Record<string, object>> = {
  'repository-policy': { accounts: ['987654321098'], pushAccounts: ['111222333444'] },
  replication: { destinations: ['eu-west-1'] },
}

/** moto has no DescribePullThroughCacheRules. */
const UNKNOWN_TO_MOTO = 'pull-through-cache'

/** What the rules on repositories and registries say of an AWS. */
async function verdictsOf(call: AwsCall, { account, region }: LocalAws) {
  const repository: RepositoryReader = ecrRepositories(call, region)
  const registry: RegistryReader = ecrRegistry(call, region)
  const ref = { account, region, repository: repositoryName }
  const verdicts: Record<string, unknown> = {}
  for (const rule of RULES.filter(({ about }) => about !== 'image')) {
    const needs = new Set(rule.needs)
    const facts = await (rule.about === 'repository'
      ? gather(repository, ref, needs, false)
      : gather(registry, ref, needs, false))
    const { outcome, reason } = rule.judge(facts, { ...defaultsOf(rule), ...PARAMETERS[rule.id] }, { ref, now: NOW })
    verdicts[rule.id] = { outcome, reason }
  }
  return verdicts
}

describe.skipIf(!hasMoto)(
  withMoto('the rules on repositories and registries say of moto what they say of the local AWS'),
  () => {
    let aws: LocalAws
    let moto: Awaited<ReturnType<typeof startMoto>>
    let calls: readonly AwsCall[]
    beforeAll(async () => {
      aws = await startLocalAws()
      moto = await startMoto()
      calls = [aws.url, moto.url].map((AWS_ENDPOINT_URL) => signedAws({ ...envOf(aws), AWS_ENDPOINT_URL }))
    }, 30_000)
    afterAll(async () => {
      await moto?.close()
      await aws?.close()
    })

    test.each(steps)('%s', async (_, [operation, input]) => {
      for (const call of calls) await call('ecr', operation, input)
      const [ours, theirs] = await Promise.all(calls.map((call) => verdictsOf(call, aws)))
      expect(theirs?.[UNKNOWN_TO_MOTO]).toMatchObject({ outcome: 'unknown' })
      expect({ ...theirs, [UNKNOWN_TO_MOTO]: undefined }).toEqual({ ...ours, [UNKNOWN_TO_MOTO]: undefined })
    })
  },
)
