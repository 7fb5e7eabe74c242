import { AppRunnerClient, DescribeServiceCommand, ListServicesCommand } from '@aws-sdk/client-apprunner'
import { BatchClient, DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch'
import { BatchGetProjectsCommand, CodeBuildClient, ListProjectsCommand } from '@aws-sdk/client-codebuild'
import { DescribeClusterCommand, EKSClient, ListClustersCommand } from '@aws-sdk/client-eks'
import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge'
import {
  BatchGetAccountStatusCommand,
  GetConfigurationCommand,
  Inspector2Client,
  ListCoverageCommand,
} from '@aws-sdk/client-inspector2'
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { configOf, errorOf, withLocalAws } from './clients.ts'

const IMAGE = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/web'
const TASK = 'arn:aws:ecs:ap-northeast-1:123456789012:task-definition/job'
const CLUSTER = 'arn:aws:ecs:ap-northeast-1:123456789012:cluster/prod'

type Config = ReturnType<typeof configOf>

/** Runs a test body with a client of one service. */
const withClient = <C>(
  Client: new (config: Config) => C,
  body: (aws: LocalAws, client: C) => Promise<void>,
): Promise<void> => withLocalAws((aws) => body(aws, new Client(configOf(aws.url))))

/** What IAM was asked for in a call, which it refused. */
async function asked(
  aws: LocalAws,
  call: () => Promise<unknown>,
): Promise<{ error: string; status?: number; needs: string[] }> {
  const needs: string[] = []
  aws.authorize = ({ action, resource }) => {
    needs.push(`${action} ${resource}`)
    return { allowed: false, reason: '' }
  }
  const { name: error, status } = await errorOf(call())
  aws.authorize = undefined
  return { error, status, needs }
}

describe('EKS', () => {
  test('tells its clusters', () =>
    withClient(EKSClient, async (aws, eks) => {
      for (let n = 100; n < 203; n++) aws.eks.createCluster(`c${n}`)
      aws.eks.deleteCluster('c100')
      const first = await eks.send(new ListClustersCommand({}))
      const second = await eks.send(new ListClustersCommand({ nextToken: first.nextToken }))
      expect([first.clusters?.length, second.clusters]).toEqual([100, ['c201', 'c202']])
      const arn = 'arn:aws:eks:ap-northeast-1:123456789012:cluster/c101'
      const { cluster } = await eks.send(new DescribeClusterCommand({ name: 'c101' }))
      expect(cluster).toMatchObject({ name: 'c101', arn, status: 'ACTIVE' })
      const gone = () => eks.send(new DescribeClusterCommand({ name: 'c100' }))
      expect(await errorOf(gone())).toMatchObject({ name: 'ResourceNotFoundException', status: 404 })
      expect(await asked(aws, gone)).toEqual({
        ...{ error: 'AccessDeniedException', status: 403 },
        needs: [`eks:DescribeCluster ${arn.replace('c101', 'c100')}`],
      })
    }))
})

describe('Inspector', () => {
  const [seldom, often] = [`prod/web@${digestOf('seldom')}`, `prod/web@${digestOf('often')}`]
  const arnOf = (image: string) => `arn:aws:ecr:ap-northeast-1:123456789012:repository/${image.replace('@', '/')}`

  test('tells which images are in use, or were', () =>
    withClient(Inspector2Client, async (aws, inspector) => {
      const list = async (filterCriteria: object, more: object = {}) => {
        const answer = await inspector.send(new ListCoverageCommand({ filterCriteria, ...more }))
        return (answer.coveredResources ?? []).map(({ resourceId }) => resourceId)
      }
      aws.inspector.setInUse(seldom, 0, new Date('2026-01-01'))
      aws.inspector.setInUse(often, 3, new Date('2026-11-01'))
      expect(await list({})).toEqual([])
      aws.inspector.setEcrScanning('ENABLED')
      expect((await list({})).toSorted()).toEqual([arnOf(often), arnOf(seldom)].toSorted())
      expect(await list({ ecrImageInUseCount: [{ lowerInclusive: 1 }] })).toEqual([arnOf(often)])
      expect(await list({ ecrImageInUseCount: [{ upperInclusive: 0 }] })).toEqual([arnOf(seldom)])
      const until = [{ endInclusive: new Date('2026-06-01') }]
      expect(await list({ ecrImageLastInUseAt: until })).toEqual([arnOf(seldom)])
      expect(await list({ ecrImageLastInUseAt: [{ startInclusive: new Date('2026-06-01') }] })).toEqual([arnOf(often)])
      const equals = (value: string, comparison = 'EQUALS') => [{ comparison, value }]
      expect(await list({ ecrRepositoryName: equals('prod/api') })).toEqual([])
      expect(await list({ resourceType: equals('AWS_ECR_CONTAINER_IMAGE'), resourceId: equals(arnOf(often)) })).toEqual(
        [arnOf(often)],
      )
      expect(await list({ ecrRepositoryName: equals('prod/web', 'NOT_EQUALS') })).toEqual([])
      expect(await list({}, { maxResults: 1 })).toHaveLength(1)
      expect(await errorOf(list({ ecrImageTags: equals('v1') }))).toMatchObject({ name: 'ValidationException' })
      const { coveredResources } = await inspector.send(new ListCoverageCommand({ maxResults: 200 }))
      expect(coveredResources?.find(({ resourceId }) => resourceId === arnOf(often))).toMatchObject({
        accountId: '123456789012',
        resourceMetadata: { ecrImage: { inUseCount: 3, lastInUseAt: new Date('2026-11-01') } },
      })
    }))

  test('tells whether it watches, and how long', () =>
    withClient(Inspector2Client, async (aws, inspector) => {
      const status = async () => {
        const input = { accountIds: ['123456789012', '999999999999'] }
        const { accounts, failedAccounts } = await inspector.send(new BatchGetAccountStatusCommand(input))
        return [accounts?.[0]?.resourceState?.ecr?.status, failedAccounts?.[0]?.accountId]
      }
      expect(await status()).toEqual(['DISABLED', '999999999999'])
      aws.inspector.setEcrScanning('ENABLED')
      expect(await status()).toEqual(['ENABLED', '999999999999'])
      const mode = async () =>
        (await inspector.send(new GetConfigurationCommand({}))).ecrConfiguration?.rescanDurationState
          ?.pullDateRescanMode
      expect(await mode()).toBe('LAST_PULL_DATE')
      aws.inspector.setRescanning('LAST_IN_USE_AT')
      expect(await mode()).toBe('LAST_IN_USE_AT')
      expect(await asked(aws, mode)).toMatchObject({ needs: ['inspector2:GetConfiguration *'] })
    }))
})

test('App Runner tells the image of each service', () =>
  withClient(AppRunnerClient, async (aws, runner) => {
    const arns = ['a', 'b'].map((name) => aws.apprunner.createService(name, `${IMAGE}:${name}`))
    const source = aws.apprunner.createService('source')
    const first = await runner.send(new ListServicesCommand({ MaxResults: 2 }))
    const second = await runner.send(new ListServicesCommand({ NextToken: first.NextToken }))
    expect([first, second].flatMap((page) => page.ServiceSummaryList?.map(({ ServiceArn }) => ServiceArn))).toEqual([
      ...arns,
      source,
    ])
    const described = async (ServiceArn: string) =>
      (await runner.send(new DescribeServiceCommand({ ServiceArn }))).Service?.SourceConfiguration
    expect(await described(arns[0] ?? '')).toMatchObject({ ImageRepository: { ImageIdentifier: `${IMAGE}:a` } })
    expect((await described(source))?.ImageRepository).toBeUndefined()
    aws.apprunner.deleteService('a')
    expect(await errorOf(described(arns[0] ?? ''))).toMatchObject({ name: 'ResourceNotFoundException', status: 400 })
    expect(await asked(aws, () => described(source))).toMatchObject({ needs: [`apprunner:DescribeService ${source}`] })
  }))

test('CodeBuild tells the image in which each project builds', () =>
  withClient(CodeBuildClient, async (aws, codebuild) => {
    for (let n = 100; n < 202; n++) aws.codebuild.createProject(`p${n}`, `${IMAGE}:build`)
    aws.codebuild.deleteProject('p100')
    const first = await codebuild.send(new ListProjectsCommand({}))
    const second = await codebuild.send(new ListProjectsCommand({ nextToken: first.nextToken }))
    expect([first.projects?.length, second.projects]).toEqual([100, ['p201']])
    const last = await codebuild.send(new ListProjectsCommand({ sortOrder: 'DESCENDING' }))
    expect(last.projects?.[0]).toBe('p201')
    const get = (names: string[]) => codebuild.send(new BatchGetProjectsCommand({ names }))
    expect(await get(['p101', 'p100'])).toMatchObject({
      projects: [{ name: 'p101', environment: { image: `${IMAGE}:build` } }],
      projectsNotFound: ['p100'],
    })
    expect(await errorOf(get([]))).toMatchObject({ name: 'InvalidInputException' })
    expect((await asked(aws, () => get(['a', 'b']))).needs).toEqual([
      'codebuild:BatchGetProjects arn:aws:codebuild:ap-northeast-1:123456789012:project/a',
    ])
    expect((await asked(aws, () => codebuild.send(new ListProjectsCommand({})))).needs).toEqual([
      'codebuild:ListProjects *',
    ])
  }))

test('Batch tells the images of every revision of its job definitions', () =>
  withClient(BatchClient, async (aws, batch) => {
    const first = aws.batch.registerJobDefinition('nightly', { image: `${IMAGE}:1` })
    aws.batch.registerJobDefinition('nightly', { image: `${IMAGE}:2` })
    const nodeRangeProperties = [{ targetNodes: '0:', container: { image: `${IMAGE}:3` } }]
    aws.batch.registerJobDefinition('wide', { nodeProperties: { numNodes: 2, mainNode: 0, nodeRangeProperties } })
    aws.batch.deregisterJobDefinition(first)
    const list = async (input: object) =>
      (await batch.send(new DescribeJobDefinitionsCommand(input))).jobDefinitions?.map(
        ({ jobDefinitionName, revision }) => `${jobDefinitionName}:${revision}`,
      )
    expect(await list({})).toEqual(['nightly:1', 'nightly:2', 'wide:1'])
    expect(await list({ status: 'ACTIVE' })).toEqual(['nightly:2', 'wide:1'])
    expect(await list({ jobDefinitionName: 'nightly', maxResults: 1 })).toEqual(['nightly:1'])
    expect(await list({ jobDefinitions: [first, 'wide:1'] })).toEqual(['nightly:1', 'wide:1'])
    const { jobDefinitions } = await batch.send(new DescribeJobDefinitionsCommand({ status: 'ACTIVE' }))
    expect(jobDefinitions).toMatchObject([
      { containerProperties: { image: `${IMAGE}:2` } },
      { type: 'multinode', nodeProperties: { nodeRangeProperties } },
    ])
    expect((await asked(aws, () => list({}))).needs).toEqual(['batch:DescribeJobDefinitions *'])
  }))

test('EventBridge tells the targets of the rules of every bus', () =>
  withClient(EventBridgeClient, async (aws, events) => {
    const Targets = [{ Id: 'run', Arn: CLUSTER, EcsParameters: { TaskDefinitionArn: TASK } }]
    aws.events.putRule({ name: 'nightly', targets: Targets })
    aws.events.createEventBus('orders')
    aws.events.putRule({ name: 'arrived', bus: 'orders', state: 'DISABLED' })
    const { EventBuses } = await events.send(new ListEventBusesCommand({}))
    expect(EventBuses?.map(({ Name }) => Name)).toEqual(['default', 'orders'])
    const rules = async (EventBusName?: string) => (await events.send(new ListRulesCommand({ EventBusName }))).Rules
    expect(await rules()).toMatchObject([{ Name: 'nightly', State: 'ENABLED' }])
    expect(await rules(EventBuses?.[1]?.Arn)).toMatchObject([{ Name: 'arrived', State: 'DISABLED' }])
    const targets = (Rule: string, EventBusName?: string) =>
      events.send(new ListTargetsByRuleCommand({ Rule, EventBusName }))
    expect((await targets('nightly')).Targets).toEqual(Targets)
    aws.events.deleteRule('nightly')
    expect(await errorOf(targets('nightly'))).toMatchObject({ name: 'ResourceNotFoundException', status: 400 })
    expect(await errorOf(rules('none'))).toMatchObject({ name: 'ResourceNotFoundException' })
    expect((await asked(aws, () => targets('arrived', 'orders'))).needs).toEqual([
      'events:ListTargetsByRule arn:aws:events:ap-northeast-1:123456789012:rule/orders/arrived',
    ])
  }))

test('EventBridge Scheduler tells what each schedule starts', () =>
  withClient(SchedulerClient, async (aws, scheduler) => {
    const Target = {
      Arn: CLUSTER,
      RoleArn: 'arn:aws:iam::123456789012:role/run',
      EcsParameters: { TaskDefinitionArn: TASK },
    }
    aws.scheduler.putSchedule({ name: 'nightly', target: Target })
    aws.scheduler.putSchedule({ name: 'hourly', group: 'jobs', state: 'DISABLED', target: Target })
    const list = async (input: object) =>
      (await scheduler.send(new ListSchedulesCommand(input))).Schedules?.map(
        ({ GroupName, Name }) => `${GroupName}/${Name}`,
      )
    expect(await list({})).toEqual(['default/nightly', 'jobs/hourly'])
    expect(await list({ GroupName: 'jobs', State: 'DISABLED', NamePrefix: 'h' })).toEqual(['jobs/hourly'])
    expect(await list({ MaxResults: 1 })).toEqual(['default/nightly'])
    const get = (Name: string, GroupName?: string) => scheduler.send(new GetScheduleCommand({ Name, GroupName }))
    expect(await get('hourly', 'jobs')).toMatchObject({ State: 'DISABLED', Target })
    expect(await errorOf(get('hourly'))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 })
    aws.scheduler.deleteSchedule('nightly')
    expect(await list({})).toEqual(['jobs/hourly'])
    expect((await asked(aws, () => get('a', 'jobs'))).needs).toEqual([
      'scheduler:GetSchedule arn:aws:scheduler:ap-northeast-1:123456789012:schedule/jobs/a',
    ])
  }))
