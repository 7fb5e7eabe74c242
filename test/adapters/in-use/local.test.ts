import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inUseSources, readInventory } from '../../../functions/adapters/in-use.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { createProtection } from '../../../functions/domain/in-use/protection.ts'
import { SOURCE_NAMES } from '../../../functions/domain/in-use/source-names.ts'
import { IN_USE_ACTIONS } from '../../../functions/in-use/contract.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { envOf } from '../env.ts'
import { digest, usesOf } from './aws.ts'

const HOST = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com'
const CLUSTER = 'arn:aws:ecs:ap-northeast-1:123456789012:cluster/prod'
const DAY = 86_400_000

let aws: LocalAws
beforeEach(async () => {
  aws = await startLocalAws()
})
afterEach(() => aws.close())

const now = () => new Date(aws.clock.now())
const sources = () =>
  inUseSources({
    env: envOf(aws),
    registry: { account: aws.account, region: aws.region },
    policy: { taskDefinitions: 2, regions: [], accounts: [], ignoreSources: [] },
    now,
  })

async function fill(): Promise<void> {
  const { ecs, lambda, inspector, eks, apprunner, codebuild, batch, events, scheduler } = aws
  ecs.createCluster('prod')
  for (const n of [1, 2, 3, 4]) ecs.registerTaskDefinition('web', [`${HOST}/web:${n}`, 'public.ecr.aws/envoy:1'])
  ecs.registerTaskDefinition('night', [`${HOST}/night`])
  const container = { name: 'web', image: `${HOST}/web:1`, imageDigest: digest(1) }
  ecs.createService({ cluster: 'prod', name: 'web', taskDefinition: 'web:1', containerImages: [container] })
  ecs.runTask({
    cluster: 'prod',
    taskDefinition: 'web:1',
    containers: [{ ...container, imageDigest: digest(2) }],
    service: 'web',
  })
  ecs.deregisterTaskDefinition('web:1')
  events.putRule({
    name: 'nightly',
    targets: [
      {
        Id: '1',
        Arn: CLUSTER,
        EcsParameters: { TaskDefinitionArn: `${CLUSTER.replace('cluster/prod', 'task-definition/night')}` },
      },
    ],
  })
  scheduler.putSchedule({
    name: 'hourly',
    target: {
      Arn: CLUSTER,
      RoleArn: 'arn:aws:iam::123456789012:role/x',
      EcsParameters: { TaskDefinitionArn: 'web:2' },
    },
  })
  lambda.createFunction({ name: 'resize', imageUri: `${HOST}/resize:7`, resolvedDigest: digest(7) })
  lambda.publishVersion('resize')
  lambda.updateFunctionCode('resize', { imageUri: `${HOST}/resize:8`, resolvedDigest: digest(8) })
  eks.createCluster('blue')
  inspector.setEcrScanning('ENABLED')
  inspector.setRescanning('LAST_IN_USE_AT')
  inspector.setInUse(`pods/api@${digest(11)}`, 2)
  inspector.setInUse(`pods/job@${digest(12)}`, 0, new Date(aws.clock.now() - 10 * DAY))
  inspector.setInUse(`pods/old@${digest(13)}`, 0, new Date(aws.clock.now() - 100 * DAY))
  apprunner.createService('shop', `${HOST}/shop:1`)
  codebuild.createProject('api', `${HOST}/builder:1`)
  batch.registerJobDefinition('train', { image: `${HOST}/train:1` })
  const rules = [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }]
  await signedAws(envOf(aws))('ecr', 'PutRegistryScanningConfiguration', { scanType: 'ENHANCED', rules })
}

describe('what runs in the local AWS', () => {
  it('is found by every source, and all of it', async () => {
    await fill()
    const { reports } = await readInventory(sources(), now)
    expect(reports.map(({ source, incomplete }) => [source, incomplete])).toEqual(
      SOURCE_NAMES.map((name) => [name, undefined]),
    )
    expect(reports.map(usesOf)).toEqual([
      [
        'night:latest ← ECS task definition night:1',
        'web:1 ← ECS service web in cluster prod',
        'web:1@01 ← ECS service web in cluster prod',
        'web:1@02 ← ECS service web in cluster prod',
        'web:3 ← ECS task definition web:3',
        'web:4 ← ECS task definition web:4',
      ],
      ['night:latest ← EventBridge rule nightly on bus default', 'web:2 ← EventBridge schedule default/hourly'],
      [
        'resize:7 ← Lambda function resize, version 1',
        'resize:8 ← Lambda function resize, $LATEST',
        'resize@07 ← Lambda function resize, version 1',
        'resize@08 ← Lambda function resize, $LATEST',
      ],
      [
        'pods/api@11 ← EKS or ECS, as Inspector saw it: 2 running',
        'pods/job@12 ← EKS or ECS, as Inspector saw it: within the last 90 days',
      ],
      ['shop:1 ← App Runner service shop'],
      ['builder:1 ← CodeBuild project api'],
      ['train:1 ← Batch job definition train:1'],
    ])
  })

  it('is read with the permissions that the contract lists, and none beside', async () => {
    await fill()
    const asked = new Set<string>()
    aws.authorize = ({ action }) => {
      asked.add(action)
      return { allowed: true }
    }
    await readInventory(sources(), now)
    expect([...asked].toSorted()).toEqual([...new Set(Object.values(IN_USE_ACTIONS).flat())].toSorted())
  })

  it('is not known where one permission is missing, whichever', async () => {
    await fill()
    for (const [name, actions] of Object.entries(IN_USE_ACTIONS))
      for (const missing of actions) {
        aws.authorize = ({ action }) => ({ allowed: action !== missing, reason: 'no policy allows it' })
        const source = sources().find((each) => each.name === name)
        expect((await source?.read())?.incomplete, `${name} without ${missing}`).toContain(
          `allow ${missing} to the role that reads`,
        )
      }
  })

  it('protects a digest whose tag has moved on, from the task to the image (ecs-agent #4226)', async () => {
    await fill()
    const { usersOf, blocks } = createProtection(await readInventory(sources(), now), [])
    const web = { account: aws.account, region: aws.region, repository: 'web' }
    expect(usersOf(web, { digest: digest(2), tags: [] })).toEqual(['ECS service web in cluster prod'])
    // Scaled to zero, the service still starts what it resolved at its deployment.
    expect(usersOf(web, { digest: digest(1), tags: [] })).toEqual(['ECS service web in cluster prod'])
    expect(usersOf(web, { digest: digest(99), tags: ['5'] })).toEqual([])
    expect(blocks).toEqual([])
  })

  it('protects the image of a CronJob that does not run now, and none of long ago (ecrm #94)', async () => {
    await fill()
    const { usersOf } = createProtection(await readInventory(sources(), now), [])
    const at = (repository: string) => ({ account: aws.account, region: aws.region, repository })
    expect(usersOf(at('pods/job'), { digest: digest(12), tags: [] })).toHaveLength(1)
    expect(usersOf(at('pods/old'), { digest: digest(13), tags: [] })).toEqual([])
  })

  it('is read to its end also where AWS throttles for a while', async () => {
    await fill()
    const error = { code: 'ThrottlingException' }
    aws.faults.inject({ service: 'ecs', operation: 'DescribeTaskDefinition', times: 20, error })
    const [ecs] = (await readInventory(sources(), now)).reports
    expect(ecs?.incomplete).toBeUndefined()
    expect(ecs?.uses).toHaveLength(6)
  })
})
