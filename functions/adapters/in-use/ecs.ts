import { parseReference } from '../../domain/in-use/reference.ts'
import { chunks, lastPart, listOf, pages, type Reading, Refused, type SourceKind } from './site.ts'
import { imagesOfTaskDefinition, shortTaskDefinition } from './task-definitions.ts'

type Container = { readonly image?: string; readonly imageDigest?: string }
type Task = { readonly group?: string; readonly taskDefinitionArn?: string; readonly containers?: readonly Container[] }
type Deployment = { readonly taskDefinition?: string }
type Service = Deployment & {
  readonly serviceName?: string
  readonly deployments?: readonly Deployment[]
  readonly taskSets?: readonly Deployment[]
  readonly currentServiceRevisions?: readonly { readonly arn?: string }[]
}
type Revision = { readonly serviceArn?: string; readonly containerImages?: readonly Container[] }
type Failure = { readonly reason?: string }

/** Who starts which task definitions. */
type Starters = Map<string, Set<string>>

const PAGE = 100
/** Most that DescribeServices and DescribeServiceRevisions take. */
const SERVICES = 10
const REVISIONS = 20

async function* arns(reading: Reading, operation: string, input: object, list: string): AsyncGenerator<string[]> {
  const ask = (nextToken: string | undefined) =>
    reading.call('ecs', operation, { ...input, maxResults: PAGE, ...(nextToken !== undefined && { nextToken }) })
  for await (const page of pages(ask, 'nextToken')) yield [...listOf<string>(page, list, `ecs:${operation}`)]
}

/** What is listed and gone a moment later is no failure. */
function checkFailures(answer: Readonly<Record<string, unknown>>, operation: string): void {
  const failures = (answer.failures ?? []) as readonly Failure[]
  const failure = failures.find(({ reason }) => reason !== 'MISSING')
  if (failure) throw new Refused(`ecs:${operation}`, failure.reason ?? 'a failure without a reason', 'try again later')
}

const clusterWords = (cluster: string): string => `in cluster ${lastPart(cluster)}`

const starts = (starters: Starters, taskDefinition: string | undefined, by: string): void => {
  if (taskDefinition !== undefined) starters.set(taskDefinition, (starters.get(taskDefinition) ?? new Set()).add(by))
}

/** A container runs what its digest says; its tag says what comes next. */
function useContainers(reading: Reading, containers: readonly Container[] = [], by: string): void {
  for (const { image = '', imageDigest } of containers) {
    const named = parseReference(image)
    if (named) reading.use(imageDigest ? { ...named, digest: imageDigest } : named, by)
    // Of an image that was named twice by digest, as an index and as one of its children, both are in use.
    if (named?.digest && imageDigest && named.digest !== imageDigest) reading.use(named, by)
  }
}

const taskWords = ({ group, taskDefinitionArn = '' }: Task, cluster: string): string => {
  const service = /^service:(.+)$/s.exec(group ?? '')?.[1]
  const who = service === undefined ? `task of ${shortTaskDefinition(taskDefinitionArn)}` : `service ${service}`
  return `ECS ${who} ${clusterWords(cluster)}`
}

async function readTasks(reading: Reading, cluster: string, starters: Starters): Promise<void> {
  for await (const tasks of arns(reading, 'ListTasks', { cluster, desiredStatus: 'RUNNING' }, 'taskArns')) {
    if (tasks.length === 0) continue
    const answer = await reading.call('ecs', 'DescribeTasks', { cluster, tasks })
    for (const task of listOf<Task>(answer, 'tasks', 'ecs:DescribeTasks')) {
      const by = taskWords(task, cluster)
      useContainers(reading, task.containers, by)
      starts(starters, task.taskDefinitionArn, by)
    }
    checkFailures(answer, 'DescribeTasks')
  }
}

/** The digests that a service holds on to, also while it is scaled to zero. */
async function readRevisions(reading: Reading, services: readonly Service[], cluster: string): Promise<void> {
  const revisions = services
    .flatMap(({ currentServiceRevisions = [] }) => currentServiceRevisions)
    .flatMap(({ arn }) => arn ?? [])
  for (const serviceRevisionArns of chunks(revisions, REVISIONS)) {
    const answer = await reading.call('ecs', 'DescribeServiceRevisions', { serviceRevisionArns })
    for (const revision of listOf<Revision>(answer, 'serviceRevisions', 'ecs:DescribeServiceRevisions'))
      useContainers(
        reading,
        revision.containerImages,
        `ECS service ${lastPart(revision.serviceArn ?? '')} ${clusterWords(cluster)}`,
      )
    checkFailures(answer, 'DescribeServiceRevisions')
  }
}

async function readServices(reading: Reading, cluster: string, starters: Starters): Promise<void> {
  for await (const page of arns(reading, 'ListServices', { cluster }, 'serviceArns'))
    for (const services of chunks(page, SERVICES)) {
      const answer = await reading.call('ecs', 'DescribeServices', { cluster, services })
      const described = listOf<Service>(answer, 'services', 'ecs:DescribeServices')
      for (const service of described) {
        const by = `ECS service ${service.serviceName} ${clusterWords(cluster)}`
        for (const { taskDefinition } of [service, ...(service.deployments ?? []), ...(service.taskSets ?? [])])
          starts(starters, taskDefinition, by)
      }
      checkFailures(answer, 'DescribeServices')
      await reading.attempt(() => readRevisions(reading, described, cluster))
    }
}

async function readClusters(reading: Reading, starters: Starters): Promise<void> {
  const gone = ['ClusterNotFoundException']
  for await (const clusters of arns(reading, 'ListClusters', {}, 'clusterArns'))
    await Promise.all(
      clusters.flatMap((cluster) => [
        reading.attempt(() => readTasks(reading, cluster, starters), ...gone),
        reading.attempt(() => readServices(reading, cluster, starters), ...gone),
      ]),
    )
}

/** The newest revisions of a family, from which it can be started again. */
async function readFamily(reading: Reading, family: string, starters: Starters): Promise<void> {
  const input = { familyPrefix: family, status: 'ACTIVE', sort: 'DESC' }
  const most = reading.site.taskDefinitions
  let found = 0
  for await (const page of arns(reading, 'ListTaskDefinitions', input, 'taskDefinitionArns')) {
    for (const arn of page.slice(0, most - found))
      starts(starters, arn, `ECS task definition ${shortTaskDefinition(arn)}`)
    found += page.length
    if (found >= most) return
  }
}

async function readFamilies(reading: Reading, starters: Starters): Promise<void> {
  if (reading.site.taskDefinitions === 0) return
  for await (const families of arns(reading, 'ListTaskDefinitionFamilies', { status: 'ACTIVE' }, 'families'))
    await Promise.all(families.map((family) => reading.attempt(() => readFamily(reading, family, starters))))
}

/**
 * ECS: what runs in every cluster, by digest; what services deploy; and the newest revisions of every family of task
 * definitions, whatever runs.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Container.html
 */
export const ecs: SourceKind = {
  name: 'ecs',
  async read(reading) {
    const starters: Starters = new Map()
    await Promise.all([
      reading.attempt(() => readClusters(reading, starters)),
      reading.attempt(() => readFamilies(reading, starters)),
    ])
    await Promise.all(
      [...starters].map(([taskDefinition, users]) =>
        reading.attempt(async () => {
          const images = await imagesOfTaskDefinition(reading, taskDefinition)
          for (const image of images) for (const by of users) reading.use(image, by)
        }),
      ),
    )
  },
}
