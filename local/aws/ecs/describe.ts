import type * as client from '@aws-sdk/client-ecs'
import type { Ecs, EcsService, RunningContainer, Task, TaskDefinition } from './state.ts'

const nameOf = ({ name }: RunningContainer, index: number): string => name ?? `container-${index + 1}`

export const describeTask = (ecs: Ecs, task: Task): client.Task => ({
  taskArn: task.arn,
  clusterArn: ecs.arnOf('cluster', task.cluster),
  taskDefinitionArn: task.taskDefinition,
  group: task.group,
  lastStatus: task.status,
  desiredStatus: task.status,
  containers: task.containers.map((container, index) => ({
    ...{ taskArn: task.arn, name: nameOf(container, index), lastStatus: task.status },
    ...{ image: container.image, imageDigest: container.imageDigest },
  })),
})

export const describeTaskDefinition = (definition: TaskDefinition): client.TaskDefinition => ({
  taskDefinitionArn: definition.arn,
  family: definition.family,
  revision: definition.revision,
  status: definition.status,
  containerDefinitions: definition.images.map((image, index) => ({ name: `container-${index + 1}`, image })),
})

const revisionArn = (ecs: Ecs, { cluster, name }: EcsService): string =>
  ecs.arnOf('service-revision', `${cluster}/${name}/1000000000000000001`)

export const describeService = (ecs: Ecs, service: EcsService): client.Service => ({
  serviceArn: service.arn,
  serviceName: service.name,
  clusterArn: ecs.arnOf('cluster', service.cluster),
  status: 'ACTIVE',
  taskDefinition: service.taskDefinition,
  deployments: [service.taskDefinition, ...service.older].map((taskDefinition, index) => ({
    id: `ecs-svc/${index + 1}`,
    status: index === 0 ? 'PRIMARY' : 'ACTIVE',
    taskDefinition,
  })),
  taskSets: service.taskSets.map((taskDefinition, index) => ({ id: `ecs-svc/set-${index + 1}`, taskDefinition })),
  currentServiceRevisions: [{ arn: revisionArn(ecs, service) }],
})

export const describeServiceRevision = (ecs: Ecs, service: EcsService): client.ServiceRevision => ({
  serviceRevisionArn: revisionArn(ecs, service),
  serviceArn: service.arn,
  clusterArn: ecs.arnOf('cluster', service.cluster),
  taskDefinition: service.taskDefinition,
  containerImages: service.containerImages.map((container, index) => ({
    ...{ containerName: nameOf(container, index), image: container.image, imageDigest: container.imageDigest },
  })),
})
