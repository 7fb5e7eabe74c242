import { createHash } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { Surroundings } from '../service.ts'

/** A container that runs, or what of it a service keeps: `imageDigest` is known once the image was pulled. */
export type RunningContainer = { name?: string; image: string; imageDigest?: string }

export type TaskDefinition = {
  arn: string
  family: string
  revision: number
  images: readonly string[]
  status: 'ACTIVE' | 'INACTIVE'
}

export type Task = {
  arn: string
  cluster: string
  taskDefinition: string
  containers: readonly RunningContainer[]
  group: string
  status: 'RUNNING' | 'STOPPED'
}

export type EcsService = {
  arn: string
  name: string
  cluster: string
  taskDefinition: string
  /** Task definitions of deployments that go on beside the newest, or are rolled back to. */
  older: readonly string[]
  taskSets: readonly string[]
  /** What the current revision resolved its images to. */
  containerImages: readonly RunningContainer[]
}

type NewTask = {
  /** A cluster is there once it was named; `default` otherwise. */
  cluster?: string
  /** ARN, `family:revision`, or a family: its newest active revision. */
  taskDefinition: string
  /** Those of the task definition otherwise, with no digest yet. */
  containers?: readonly RunningContainer[]
  /** Name of the service that runs it. */
  service?: string
}

type NewService = Pick<NewTask, 'cluster' | 'taskDefinition'> & { name: string } & Partial<
    Pick<EcsService, 'older' | 'taskSets' | 'containerImages'>
  >

/** Set in this process; clients read it. Whatever is made returns its ARN. */
export type EcsState = {
  createCluster(name: string): string
  registerTaskDefinition(family: string, images: readonly string[]): string
  /** Leaves a revision to be described, yet not to be started again. */
  deregisterTaskDefinition(name: string): void
  deleteTaskDefinition(name: string): void
  runTask(task: NewTask): string
  stopTask(arn: string): void
  /** Creates a service, or gives it another deployment. */
  createService(service: NewService): string
  deleteService(name: string, cluster?: string): void
}

const DEFAULT = 'default'

export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/Welcome.html */
export class Ecs implements EcsState {
  readonly clusters = new Set<string>()
  readonly taskDefinitions = new Map<string, TaskDefinition>()
  readonly tasks = new Map<string, Task>()
  readonly services = new Map<string, EcsService>()
  readonly #around: Surroundings
  readonly #revisions = new Map<string, number>()

  constructor(around: Surroundings) {
    this.#around = around
  }

  createCluster(name: string): string {
    this.clusters.add(name)
    return this.arnOf('cluster', name)
  }

  registerTaskDefinition(family: string, images: readonly string[]): string {
    const revision = (this.#revisions.get(family) ?? 0) + 1
    this.#revisions.set(family, revision)
    const arn = this.arnOf('task-definition', `${family}:${revision}`)
    this.taskDefinitions.set(arn, { arn, family, revision, images, status: 'ACTIVE' })
    return arn
  }

  deregisterTaskDefinition(name: string): void {
    this.needTaskDefinition(name).status = 'INACTIVE'
  }

  deleteTaskDefinition(name: string): void {
    this.taskDefinitions.delete(this.needTaskDefinition(name).arn)
  }

  runTask({ cluster = DEFAULT, taskDefinition, containers, service }: NewTask): string {
    const { arn: definition, family, images } = this.needTaskDefinition(taskDefinition)
    this.createCluster(cluster)
    const id = createHash('sha256').update(`task ${this.tasks.size}`).digest('hex').slice(0, 32)
    const arn = this.arnOf('task', `${cluster}/${id}`)
    this.tasks.set(arn, {
      ...{ arn, cluster, taskDefinition: definition, status: 'RUNNING' },
      containers: containers ?? images.map((image) => ({ image })),
      group: service === undefined ? `family:${family}` : `service:${service}`,
    })
    return arn
  }

  stopTask(arn: string): void {
    const task = this.tasks.get(arn)
    if (task) task.status = 'STOPPED'
  }

  createService({ cluster = DEFAULT, taskDefinition, name, ...more }: NewService): string {
    this.createCluster(cluster)
    const arn = this.arnOf('service', `${cluster}/${name}`)
    const full = (given: string): string => this.needTaskDefinition(given).arn
    const [older, taskSets] = [(more.older ?? []).map(full), (more.taskSets ?? []).map(full)]
    const { containerImages = [] } = more
    this.services.set(arn, {
      arn,
      name,
      cluster,
      taskDefinition: full(taskDefinition),
      older,
      taskSets,
      containerImages,
    })
    return arn
  }

  deleteService(name: string, cluster: string = DEFAULT): void {
    this.services.delete(this.arnOf('service', `${cluster}/${name}`))
  }

  arnOf(kind: string, path: string): string {
    const { region, account } = this.#around
    return `arn:aws:ecs:${region}:${account}:${kind}/${path}`
  }

  /** Name of a cluster that is there. @param given name or ARN @throws AwsError ClusterNotFoundException */
  needCluster(given: string = DEFAULT): string {
    const name = lastPart(given)
    if (this.clusters.has(name)) return name
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.')
  }

  /** @throws AwsError ClientException */
  needTaskDefinition(given: string): TaskDefinition {
    const name = lastPart(given)
    const newest = [...this.taskDefinitions.values()].findLast((one) => one.family === name && one.status === 'ACTIVE')
    const found = this.taskDefinitions.get(this.arnOf('task-definition', name)) ?? newest
    if (!found) throw new AwsError('ClientException', 'Unable to describe task definition.')
    return found
  }
}
