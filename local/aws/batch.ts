import type * as client from '@aws-sdk/client-batch'
import { pageOf } from './listing.ts'
import { sdkService } from './sdk-service.ts'
import type { Handler, Service, Surroundings } from './service.ts'

/** Where a job definition names images; `image` stands for its `containerProperties`. */
type JobProperties = { image?: string } & Pick<
  client.JobDefinition,
  'nodeProperties' | 'ecsProperties' | 'eksProperties'
>

export type BatchState = {
  /** Registers the next revision; returns its ARN. */
  registerJobDefinition(name: string, properties: JobProperties): string
  deregisterJobDefinition(arn: string): void
}

const PAGE = 100

type Stored = { name: string; revision: number; arn: string; isActive: boolean; properties: JobProperties }

export class Batch implements BatchState {
  readonly definitions: Stored[] = []
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  registerJobDefinition(name: string, properties: JobProperties): string {
    const { region, account } = this.#around
    const revision = this.definitions.filter((one) => one.name === name).length + 1
    const arn = `arn:aws:batch:${region}:${account}:job-definition/${name}:${revision}`
    this.definitions.push({ name, revision, arn, isActive: true, properties })
    return arn
  }

  deregisterJobDefinition(arn: string): void {
    const found = this.definitions.find((one) => one.arn === arn)
    if (found) found.isActive = false
  }
}

const describe = ({ name, revision, arn, isActive, properties }: Stored): client.JobDefinition => {
  const { image, ...rest } = properties
  return {
    ...{ jobDefinitionName: name, jobDefinitionArn: arn, revision, status: isActive ? 'ACTIVE' : 'INACTIVE' },
    ...{ type: rest.nodeProperties ? 'multinode' : 'container', ...rest },
    ...(image !== undefined && { containerProperties: { image } }),
  }
}

const handlersOf = (batch: Batch): Record<string, Handler> => ({
  DescribeJobDefinitions(input: client.DescribeJobDefinitionsRequest) {
    const { jobDefinitions, jobDefinitionName, status, maxResults = PAGE, nextToken } = input
    const wanted = batch.definitions.filter(
      ({ name, revision, arn, isActive }) =>
        (!jobDefinitions || jobDefinitions.some((given) => [arn, `${name}:${revision}`, name].includes(given))) &&
        name === (jobDefinitionName ?? name) &&
        (status === undefined || (status === 'ACTIVE') === isActive),
    )
    const { items, next } = pageOf(wanted, {
      keyOf: ({ name, revision }) => `${name}:${String(revision).padStart(10, '0')}`,
      ...{ size: Math.min(maxResults, PAGE), token: nextToken, wrong: 'ClientException' },
    })
    return { jobDefinitions: items.map(describe), nextToken: next }
  },
})

/** What is read of Batch. @see https://docs.aws.amazon.com/batch/latest/APIReference/Welcome.html */
export const batchService = (batch: Batch): Service =>
  sdkService({
    name: 'batch',
    protocol: 'rest-json',
    client: '@aws-sdk/client-batch',
    faulty: 'ClientException',
    handlers: handlersOf(batch),
    requires: (operation) => [{ action: `batch:${operation}`, resource: '*' }],
  })
