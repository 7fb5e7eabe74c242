import type * as client from '@aws-sdk/client-eks'
import { AwsError } from './error.ts'
import { pageOf } from './listing.ts'
import { sdkService } from './sdk-service.ts'
import type { Handler, Service, Surroundings } from './service.ts'

export type EksState = { createCluster(name: string): void; deleteCluster(name: string): void }

const PAGE = 100

/** Clusters by name. What runs in them only Inspector tells. */
export class Eks implements EksState {
  readonly names = new Set<string>()

  createCluster(name: string): void {
    this.names.add(name)
  }

  deleteCluster(name: string): void {
    this.names.delete(name)
  }
}

function handlersOf(eks: Eks, arnOf: (name: string) => string): Record<string, Handler> {
  return {
    ListClusters({ maxResults = PAGE, nextToken }: client.ListClustersRequest) {
      const size = Math.min(maxResults, PAGE)
      const { items, next } = pageOf(eks.names, {
        ...{ keyOf: (name) => name, size, token: nextToken, wrong: 'InvalidParameterException' },
      })
      return { clusters: items, nextToken: next }
    },
    DescribeCluster({ name = '' }: client.DescribeClusterRequest) {
      if (!eks.names.has(name))
        throw new AwsError('ResourceNotFoundException', `No cluster found for name: ${name}.`, 404)
      return { cluster: { name, arn: arnOf(name), status: 'ACTIVE' } }
    },
  }
}

/** What is read of EKS. @see https://docs.aws.amazon.com/eks/latest/APIReference/Welcome.html */
export const eksService = (eks: Eks, { region, account }: Surroundings): Service => {
  const arnOf = (name: string): string => `arn:aws:eks:${region}:${account}:cluster/${name}`
  return sdkService({
    name: 'eks',
    protocol: 'rest-json',
    client: '@aws-sdk/client-eks',
    faulty: 'InvalidParameterException',
    handlers: handlersOf(eks, arnOf),
    requires: (operation, { name }) => [
      { action: `eks:${operation}`, resource: name === undefined ? '*' : arnOf(String(name)) },
    ],
  })
}
