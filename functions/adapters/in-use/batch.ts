import { listOf, pages, type SourceKind } from './site.ts'

type Container = { readonly image?: string }
type EcsProperties = {
  readonly taskProperties?: readonly { readonly containers?: readonly Container[] }[]
}
type EksProperties = {
  readonly podProperties?: {
    readonly containers?: readonly Container[]
    readonly initContainers?: readonly Container[]
  }
}
type Runs = { readonly ecsProperties?: EcsProperties; readonly eksProperties?: EksProperties }
type JobDefinition = Runs & {
  readonly jobDefinitionName?: string
  readonly revision?: number
  readonly containerProperties?: Container
  readonly nodeProperties?: {
    readonly nodeRangeProperties?: readonly (Runs & { readonly container?: Container })[]
  }
}

const inTasks = ({ taskProperties = [] }: EcsProperties): readonly Container[] =>
  taskProperties.flatMap(({ containers = [] }) => containers)

const inPods = ({
  podProperties: { containers = [], initContainers = [] } = {},
}: EksProperties): readonly Container[] => [...containers, ...initContainers]

const inRuns = ({ ecsProperties = {}, eksProperties = {} }: Runs): readonly Container[] => [
  ...inTasks(ecsProperties),
  ...inPods(eksProperties),
]

/** @see https://docs.aws.amazon.com/batch/latest/APIReference/API_JobDefinition.html */
function containersOf(definition: JobDefinition): readonly Container[] {
  const nodes = definition.nodeProperties?.nodeRangeProperties ?? []
  return [
    definition.containerProperties ?? {},
    ...inRuns(definition),
    ...nodes.flatMap((node) => [node.container ?? {}, ...inRuns(node)]),
  ]
}

/** Batch: every active revision of every job definition; what jobs run is in ECS and EKS. */
export const batch: SourceKind = {
  name: 'batch',
  async read(reading) {
    const ask = (nextToken: string | undefined) =>
      reading.rest('batch', 'DescribeJobDefinitions', '/v1/describejobdefinitions', {
        ...{ status: 'ACTIVE', maxResults: 100 },
        ...(nextToken !== undefined && { nextToken }),
      })
    for await (const page of pages(ask, 'nextToken'))
      for (const definition of listOf<JobDefinition>(page, 'jobDefinitions', 'batch:DescribeJobDefinitions'))
        for (const { image } of containersOf(definition))
          reading.use(image, `Batch job definition ${definition.jobDefinitionName}:${definition.revision}`)
  },
}
