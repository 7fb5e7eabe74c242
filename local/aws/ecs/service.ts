import type * as client from '@aws-sdk/client-ecs'
import { AwsError } from '../error.ts'
import { pageOf } from '../listing.ts'
import { sdkService } from '../sdk-service.ts'
import type { Handler, Requirement, Service } from '../service.ts'
import { describeService, describeServiceRevision, describeTask, describeTaskDefinition } from './describe.ts'
import { type Ecs, lastPart, type TaskDefinition } from './state.ts'

const PAGE = 100
const PAGE_OF_SERVICES = 10

const wrong = 'InvalidParameterException'

type Paged = { nextToken?: string; maxResults?: number }

const listed = <T>(all: Iterable<T>, keyOf: (item: T) => string, { nextToken, maxResults }: Paged, usual = PAGE) => {
  const { items, next } = pageOf(all, { keyOf, size: Math.min(maxResults ?? usual, PAGE), token: nextToken, wrong })
  return { items: items.map(keyOf), nextToken: next }
}

/** What ECS says of what it is asked about: those that are there, and a failure for each other. */
function described<T, D>(arns: readonly string[], found: ReadonlyMap<string, T>, describe: (item: T) => D) {
  const there = arns.map((arn) => found.get(arn))
  return {
    found: there.flatMap((item) => (item === undefined ? [] : [describe(item)])),
    failures: arns.flatMap((arn, index) => (there[index] === undefined ? [{ arn, reason: 'MISSING' }] : [])),
  }
}

function checkCount(what: string, given: readonly string[] = [], most: number): readonly string[] {
  if (given.length === 0) throw new AwsError(wrong, `${what} cannot be empty.`)
  if (given.length > most) throw new AwsError(wrong, `${what} has more than ${most} elements.`)
  return given
}

const clusterHandlers = (ecs: Ecs): Record<string, Handler> => ({
  ListClusters(input: client.ListClustersRequest) {
    const { items, nextToken } = listed(
      [...ecs.clusters].map((name) => ecs.arnOf('cluster', name)),
      (arn) => arn,
      input,
    )
    return { clusterArns: items, nextToken }
  },
  DescribeClusters({ clusters = ['default'] }: client.DescribeClustersRequest) {
    const all = new Map([...ecs.clusters].map((name) => [ecs.arnOf('cluster', name), name]))
    const arns = clusters.map((given) => ecs.arnOf('cluster', lastPart(given)))
    const { found, failures } = described(arns, all, (clusterName) => ({
      ...{ clusterName, clusterArn: ecs.arnOf('cluster', clusterName), status: 'ACTIVE' },
    }))
    return { clusters: found, failures }
  },
  ListServices(input: client.ListServicesRequest) {
    const cluster = ecs.needCluster(input.cluster)
    const all = [...ecs.services.values()].filter((service) => service.cluster === cluster)
    const { items, nextToken } = listed(all, ({ arn }) => arn, input, PAGE_OF_SERVICES)
    return { serviceArns: items, nextToken }
  },
  DescribeServices(input: client.DescribeServicesRequest) {
    const cluster = ecs.needCluster(input.cluster)
    const names = checkCount('Services', input.services, 10).map(lastPart)
    const arns = names.map((name) => ecs.arnOf('service', `${cluster}/${name}`))
    const { found, failures } = described(arns, ecs.services, (service) => describeService(ecs, service))
    return { services: found, failures }
  },
  DescribeServiceRevisions({ serviceRevisionArns }: client.DescribeServiceRevisionsRequest) {
    const arns = checkCount('Service revisions', serviceRevisionArns, 20)
    const all = [...ecs.services.values()].map((service) => describeServiceRevision(ecs, service))
    const byArn = new Map(all.map((revision) => [revision.serviceRevisionArn ?? '', revision]))
    const { found, failures } = described(arns, byArn, (revision) => revision)
    return { serviceRevisions: found, failures }
  },
})

const taskHandlers = (ecs: Ecs): Record<string, Handler> => ({
  ListTasks(input: client.ListTasksRequest) {
    const cluster = ecs.needCluster(input.cluster)
    const { desiredStatus = 'RUNNING', serviceName, family } = input
    const unknown = (['containerInstance', 'startedBy', 'launchType', 'daemonName'] as const).find(
      (name) => input[name],
    )
    if (unknown) throw new AwsError('UnsupportedFeatureException', `The local AWS does not filter tasks by ${unknown}.`)
    const all = [...ecs.tasks.values()].filter(
      (task) =>
        task.cluster === cluster &&
        task.status === desiredStatus &&
        (serviceName === undefined || task.group === `service:${lastPart(serviceName)}`) &&
        (family === undefined || lastPart(task.taskDefinition).split(':')[0] === family),
    )
    const { items, nextToken } = listed(all, ({ arn }) => arn, input)
    return { taskArns: items, nextToken }
  },
  DescribeTasks(input: client.DescribeTasksRequest) {
    const cluster = ecs.needCluster(input.cluster)
    const arns = checkCount('Tasks', input.tasks, PAGE).map((given) =>
      ecs.arnOf('task', `${cluster}/${lastPart(given)}`),
    )
    const { found, failures } = described(arns, ecs.tasks, (task) => describeTask(ecs, task))
    return { tasks: found, failures }
  },
})

const isOf = (status: string, one: TaskDefinition): boolean => status === 'ALL' || one.status === status

const definitionHandlers = (ecs: Ecs): Record<string, Handler> => ({
  ListTaskDefinitionFamilies(input: client.ListTaskDefinitionFamiliesRequest) {
    const { status = 'ALL', familyPrefix = '' } = input
    const all = [...ecs.taskDefinitions.values()].filter((one) => isOf(status, one))
    const families = new Set(all.map(({ family }) => family).filter((family) => family.startsWith(familyPrefix)))
    const { items, nextToken } = listed(families, (family) => family, input)
    return { families: items, nextToken }
  },
  ListTaskDefinitions(input: client.ListTaskDefinitionsRequest) {
    const { status = 'ACTIVE', familyPrefix, sort, nextToken: token, maxResults = PAGE } = input
    const all = [...ecs.taskDefinitions.values()].filter(
      (one) => isOf(status, one) && one.family === (familyPrefix ?? one.family),
    )
    const keyOf = ({ family, revision }: TaskDefinition): string => `${family}:${String(revision).padStart(10, '0')}`
    const size = Math.min(maxResults, PAGE)
    const { items, next } = pageOf(all, { keyOf, size, token, wrong, descends: sort === 'DESC' })
    return { taskDefinitionArns: items.map(({ arn }) => arn), nextToken: next }
  },
  DescribeTaskDefinition: ({ taskDefinition = '' }: client.DescribeTaskDefinitionRequest) => ({
    taskDefinition: describeTaskDefinition(ecs.needTaskDefinition(taskDefinition)),
  }),
})

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html */
function requirementsOf(ecs: Ecs, operation: string, input: Record<string, unknown>): Requirement[] {
  const inCluster = lastPart(String(input.cluster ?? 'default'))
  const asArns =
    (kind: string, path = '') =>
    (given: string) =>
      ecs.arnOf(kind, path + lastPart(given))
  const listOf = (name: string): string[] => (input[name] ?? []) as string[]
  const resources: Record<string, () => string[]> = {
    DescribeClusters: () => ((input.clusters ?? ['default']) as string[]).map(asArns('cluster')),
    DescribeServices: () => listOf('services').map(asArns('service', `${inCluster}/`)),
    DescribeServiceRevisions: () => listOf('serviceRevisionArns'),
    DescribeTasks: () => listOf('tasks').map(asArns('task', `${inCluster}/`)),
  }
  return (resources[operation]?.() ?? ['*']).map((resource) => ({ action: `ecs:${operation}`, resource }))
}

/** What is read of ECS. */
export const ecsService = (ecs: Ecs): Service =>
  sdkService({
    name: 'ecs',
    protocol: 'json',
    client: '@aws-sdk/client-ecs',
    target: 'AmazonEC2ContainerServiceV20141113',
    faulty: wrong,
    handlers: { ...clusterHandlers(ecs), ...taskHandlers(ecs), ...definitionHandlers(ecs) },
    requires: (operation, input) => requirementsOf(ecs, operation, input),
  })
