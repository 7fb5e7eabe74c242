import { App, Stack } from 'aws-cdk-lib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ecrRegistry } from '../../../functions/adapters/registry-reader.ts'
import { ecrRepositories } from '../../../functions/adapters/repository-reader.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import type { Context } from '../../../functions/domain/rule/rule.ts'
import { RULES, ruleOf } from '../../../functions/domain/rulebook.ts'
import { judge } from '../../../functions/policy/judge.ts'
import type { Reader, RegistryReader, RepositoryReader } from '../../../functions/policy/reader.ts'
import { RegistrySettings } from '../../../infra/registry/registry-settings.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { type Cloud, deployLocally } from '../../../local/runtime/cloud.ts'
import { envOf } from '../../adapters/env.ts'
import { manifestOf } from '../../local/aws/manifests.ts'

const CI = 'arn:aws:iam::123456789012:role/ci'

function synthesised(): string {
  const app = new App({ analyticsReporting: false })
  new RegistrySettings(new Stack(app, 'Test'), 'Registry', {
    scanning: { type: 'ENHANCED' },
    owner: 'platform-team',
    pullThroughCaches: [{ upstream: 'ecr-public' }],
    creationTemplates: [
      { prefix: 'team-a', appliedFor: ['REPLICATION', 'CREATE_ON_PUSH'] },
      {
        ...{ prefix: 'team-b', owner: 'team-b', appliedFor: ['CREATE_ON_PUSH'] },
        access: [{ may: 'pull', account: '210987654321' }],
      },
    ],
    pullTimeExclusions: [CI],
  })
  return app.synth().directory
}

let aws: LocalAws
let cloud: Cloud
beforeAll(async () => {
  aws = await startLocalAws()
  cloud = await deployLocally({ assembly: synthesised(), stack: 'Test', aws })
  for (const [occasion, name] of [
    ['REPLICATION', 'team-a/replica'],
    ['PULL_THROUGH_CACHE', 'ecr-public/docker/library/alpine'],
  ] as const)
    aws.ecr.bornBy(occasion, name)
  aws.ecr.bornBy('REPLICATION', 'shop/replica')
  aws.ecr.putImage({ repositoryName: 'team-a/pushed', imageTag: '1.0.0', imageManifest: manifestOf('a') })
  aws.ecr.putImage({ repositoryName: 'team-b/pushed', imageTag: '1.0.0', imageManifest: manifestOf('a') })
})
afterAll(async () => {
  await cloud.close()
  await aws.close()
})

const HERE = { account: '123456789012', region: 'ap-northeast-1' }

/** What the rules say with their own parameters, but for those that pass. */
async function failing<V, R extends Context['ref']>(reader: Reader<V, R>, ref: R, ids: readonly string[]) {
  const rules = ids.map((id) => {
    const rule = ruleOf(id)
    if (!rule) throw new Error(`No rule ${id}`)
    const parameters = Object.fromEntries(
      Object.entries(rule.parameters).map(([name, { default: value }]) => [name, value]),
    )
    return { rule, mode: 'report' as const, severity: rule.severity, parameters, line: 1 }
  })
  const { verdicts } = await judge(ref, { reader, rules, exceptions: [], now: new Date(), isPatient: false })
  expect(verdicts).toHaveLength(ids.length)
  return verdicts
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ rule, outcome, reason }) => [rule, outcome, reason])
}

const ABOUT_REPOSITORIES = RULES.filter(({ about }) => about === 'repository').map(({ id }) => id)
function failsOf(repository: string) {
  const reader: RepositoryReader = ecrRepositories(signedAws(envOf(aws)), HERE.region)
  return failing(reader, { ...HERE, repository }, ABOUT_REPOSITORIES)
}

describe('a repository that ECR makes by the settings of the registry', () => {
  it.each([
    ['is replicated', 'shop/replica'],
    ['is replicated by a template of its prefix', 'team-a/replica'],
    ['is pushed into being', 'team-a/pushed'],
  ])('passes every rule where it %s', async (_, name) => {
    expect(await failsOf(name)).toEqual([])
    expect(aws.ecr.repository(name)?.tags).toEqual(new Map([['Owner', 'platform-team']]))
  })

  it('passes all but tag-immutability where it caches, as a cached tag that cannot move is never refreshed', async () => {
    expect(await failsOf('ecr-public/docker/library/alpine')).toEqual([
      ['tag-immutability', 'fail', 'Tags can be moved to another image.'],
    ])
  })

  it('is not made by a push where no template is for that', () => {
    const push = { repositoryName: 'shop/mistyped', imageTag: '1.0.0', imageManifest: manifestOf('a') }
    expect(() => aws.ecr.putImage(push)).toThrow('shop/mistyped')
  })

  it('is as the template of its prefix says', () => {
    expect(aws.ecr.repository('team-b/pushed')).toMatchObject({
      tags: new Map([['Owner', 'team-b']]),
      policyText: expect.stringContaining('arn:aws:iam::210987654321:root'),
    })
  })
})

it('leaves out the pulls of CI', () => {
  expect(aws.call('ecr', 'ListPullTimeUpdateExclusions', {})).toMatchObject({ pullTimeUpdateExclusions: [CI] })
})

it('has a registry that passes the rules on scanning and on caches', async () => {
  const reader: RegistryReader = ecrRegistry(signedAws(envOf(aws)), HERE.region)
  expect(await failing(reader, HERE, ['registry-scanning', 'pull-through-cache'])).toEqual([])
})
