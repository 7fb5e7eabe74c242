import {
  DescribeClustersCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  paginateListTaskDefinitions,
} from '@aws-sdk/client-ecs'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { configOf, errorOf, withLocalAws } from './clients.ts'

const ARN = 'arn:aws:ecs:ap-northeast-1:123456789012'
const IMAGE = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/web'
const imageDigest = digestOf('web')

const withEcs = (body: (aws: LocalAws, ecs: ECSClient) => Promise<void>): Promise<void> =>
  withLocalAws((aws) => body(aws, new ECSClient(configOf(aws.url))))

describe('tasks', () => {
  test('tell the digest that their containers run', () =>
    withEcs(async (aws, ecs) => {
      const definition = aws.ecs.registerTaskDefinition('web', [`${IMAGE}:2.0`, 'public.ecr.aws/proxy:1'])
      const containers = [{ name: 'app', image: `${IMAGE}:2.0`, imageDigest }]
      const task = aws.ecs.runTask({ cluster: 'prod', taskDefinition: 'web', containers })
      const { clusterArns } = await ecs.send(new ListClustersCommand({}))
      expect(clusterArns).toEqual([`${ARN}:cluster/prod`])
      const cluster = clusterArns?.[0]
      expect((await ecs.send(new ListTasksCommand({ cluster }))).taskArns).toEqual([task])
      const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }))
      expect(tasks).toMatchObject([
        { taskDefinitionArn: definition, group: 'family:web', containers: [{ image: `${IMAGE}:2.0`, imageDigest }] },
      ])
    }))

  test('are listed by service, family and status', () =>
    withEcs(async (aws, ecs) => {
      for (const family of ['web', 'job']) aws.ecs.registerTaskDefinition(family, [IMAGE])
      const ofService = aws.ecs.runTask({ taskDefinition: 'web', service: 'front' })
      const alone = aws.ecs.runTask({ taskDefinition: 'job' })
      const stopped = aws.ecs.runTask({ taskDefinition: 'web' })
      aws.ecs.stopTask(stopped)
      const list = async (input: object) => (await ecs.send(new ListTasksCommand(input))).taskArns
      expect(await list({ serviceName: 'front' })).toEqual([ofService])
      expect(await list({ family: 'job' })).toEqual([alone])
      expect(await list({ desiredStatus: 'STOPPED' })).toEqual([stopped])
      expect(await list({})).toHaveLength(2)
      expect(await errorOf(list({ startedBy: 'me' }))).toMatchObject({ name: 'UnsupportedFeatureException' })
    }))

  test('that are not there are failures; a cluster that is not there is an error', () =>
    withEcs(async (aws, ecs) => {
      aws.ecs.createCluster('prod')
      const { tasks, failures } = await ecs.send(new DescribeTasksCommand({ cluster: 'prod', tasks: ['gone'] }))
      expect([tasks, failures]).toEqual([[], [{ arn: `${ARN}:task/prod/gone`, reason: 'MISSING' }]])
      expect(await errorOf(ecs.send(new ListTasksCommand({ cluster: 'none' })))).toMatchObject({
        name: 'ClusterNotFoundException',
        status: 400,
      })
      for (const given of [[], Array.from({ length: 101 }, (_, n) => `t${n}`)])
        expect(await errorOf(ecs.send(new DescribeTasksCommand({ cluster: 'prod', tasks: given })))).toMatchObject({
          name: 'InvalidParameterException',
        })
      const described = await ecs.send(new DescribeClustersCommand({ clusters: ['prod', 'none'] }))
      expect(described.clusters).toMatchObject([{ clusterName: 'prod', status: 'ACTIVE' }])
      expect(described.failures).toEqual([{ arn: `${ARN}:cluster/none`, reason: 'MISSING' }])
    }))
})

describe('services', () => {
  test('tell what they deploy, what came before, their task sets and what their revision resolved', () =>
    withEcs(async (aws, ecs) => {
      const [first, second, third] = [1, 2, 3].map((n) => aws.ecs.registerTaskDefinition('web', [`${IMAGE}:${n}`]))
      aws.ecs.createService({
        ...{ cluster: 'prod', name: 'front', taskDefinition: 'web', older: ['web:2'], taskSets: ['web:1'] },
        containerImages: [{ image: `${IMAGE}:3`, imageDigest }],
      })
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'prod', services: ['front'] }))
      expect(services).toMatchObject([
        {
          serviceArn: `${ARN}:service/prod/front`,
          taskDefinition: third,
          deployments: [
            { status: 'PRIMARY', taskDefinition: third },
            { status: 'ACTIVE', taskDefinition: second },
          ],
          taskSets: [{ taskDefinition: first }],
        },
      ])
      const arn = services?.[0]?.currentServiceRevisions?.[0]?.arn ?? ''
      const { serviceRevisions, failures } = await ecs.send(
        new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn, `${arn}0`] }),
      )
      expect(serviceRevisions).toMatchObject([{ containerImages: [{ image: `${IMAGE}:3`, imageDigest }] }])
      expect(failures).toMatchObject([{ reason: 'MISSING' }])
    }))

  test('are listed ten a page', () =>
    withEcs(async (aws, ecs) => {
      aws.ecs.registerTaskDefinition('web', [IMAGE])
      for (let n = 10; n < 22; n++) aws.ecs.createService({ name: `s${n}`, taskDefinition: 'web' })
      aws.ecs.deleteService('s10')
      const first = await ecs.send(new ListServicesCommand({}))
      const second = await ecs.send(new ListServicesCommand({ nextToken: first.nextToken }))
      expect([first.serviceArns?.length, second.serviceArns, second.nextToken]).toEqual([
        10,
        [`${ARN}:service/default/s21`],
        undefined,
      ])
      const services = first.serviceArns?.concat('eleventh')
      expect(await errorOf(ecs.send(new DescribeServicesCommand({ services })))).toMatchObject({
        name: 'InvalidParameterException',
      })
    }))
})

describe('task definitions', () => {
  test('are listed from the oldest revision or from the newest, page by page', () =>
    withEcs(async (aws, ecs) => {
      for (let n = 1; n <= 12; n++) aws.ecs.registerTaskDefinition('web', [`${IMAGE}:${n}`])
      aws.ecs.registerTaskDefinition('web-extra', [IMAGE])
      aws.ecs.deregisterTaskDefinition('web:11')
      const revisions = async (input: object): Promise<string[]> => {
        const pages: string[] = []
        for await (const { taskDefinitionArns = [] } of paginateListTaskDefinitions(
          { client: ecs, pageSize: 5 },
          input,
        ))
          pages.push(...taskDefinitionArns.map((arn) => arn.split('/')[1] ?? ''))
        return pages
      }
      const all = await revisions({ familyPrefix: 'web' })
      expect(all).toHaveLength(11)
      expect([all[0], all.at(-1)]).toEqual(['web:1', 'web:12'])
      expect(await revisions({ familyPrefix: 'web', sort: 'DESC' })).toEqual(all.toReversed())
      expect(await revisions({ status: 'INACTIVE' })).toEqual(['web:11'])
      expect(await errorOf(ecs.send(new ListTaskDefinitionsCommand({ nextToken: 'mine' })))).toMatchObject({
        name: 'InvalidParameterException',
      })
    }))

  test('are described by family, revision and ARN, the inactive ones too, until they are deleted', () =>
    withEcs(async (aws, ecs) => {
      const first = aws.ecs.registerTaskDefinition('web', [`${IMAGE}:1`])
      aws.ecs.registerTaskDefinition('web', [`${IMAGE}:2`])
      const image = async (taskDefinition: string) =>
        (await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition
          ?.containerDefinitions?.[0]?.image
      expect([await image('web'), await image('web:1'), await image(first)]).toEqual([
        `${IMAGE}:2`,
        `${IMAGE}:1`,
        `${IMAGE}:1`,
      ])
      aws.ecs.deregisterTaskDefinition('web:2')
      expect([await image('web'), await image('web:2')]).toEqual([`${IMAGE}:1`, `${IMAGE}:2`])
      aws.ecs.deleteTaskDefinition('web:2')
      expect(await errorOf(image('web:2'))).toMatchObject({
        name: 'ClientException',
        message: 'Unable to describe task definition.',
      })
    }))

  test('have families, of which those without an active revision can be left out', () =>
    withEcs(async (aws, ecs) => {
      for (const family of ['web', 'web-old', 'job']) aws.ecs.registerTaskDefinition(family, [IMAGE])
      aws.ecs.deregisterTaskDefinition('web-old')
      const families = async (input: object) => (await ecs.send(new ListTaskDefinitionFamiliesCommand(input))).families
      expect(await families({})).toEqual(['job', 'web', 'web-old'])
      expect(await families({ familyPrefix: 'web', status: 'ACTIVE' })).toEqual(['web'])
    }))
})

test('IAM is asked for what is described, and for everything where a list is asked for', () =>
  withEcs(async (aws, ecs) => {
    const asked: string[] = []
    aws.authorize = ({ action, resource }) => {
      asked.push(`${action} ${resource}`)
      return { allowed: false, reason: '' }
    }
    const calls = [
      new DescribeClustersCommand({}),
      new DescribeServicesCommand({ cluster: 'prod', services: ['a', `${ARN}:service/prod/b`] }),
      new DescribeTasksCommand({ cluster: `${ARN}:cluster/prod`, tasks: ['t'] }),
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [`${ARN}:service-revision/prod/a/1`] }),
      new ListTasksCommand({ cluster: 'prod' }),
    ]
    for (const call of calls)
      expect(await errorOf(ecs.send(call as ListTasksCommand))).toMatchObject({
        name: 'AccessDeniedException',
        status: 400,
      })
    expect(asked).toEqual([
      `ecs:DescribeClusters ${ARN}:cluster/default`,
      `ecs:DescribeServices ${ARN}:service/prod/a`,
      `ecs:DescribeTasks ${ARN}:task/prod/t`,
      `ecs:DescribeServiceRevisions ${ARN}:service-revision/prod/a/1`,
      'ecs:ListTasks *',
    ])
  }))
