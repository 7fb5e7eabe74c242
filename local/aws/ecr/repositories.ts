import type * as ecr from '@aws-sdk/client-ecr'
import { invalidParameter } from '../complaints.ts'
import type { Handler } from '../service.ts'
import { repositoryNotEmpty } from './errors.ts'
import { page } from './page.ts'
import type { Registry } from './state.ts'
import { checkMutability } from './tag-mutability.ts'

/** Twelve hours, as AWS's tokens last. */
const TOKEN_LIFE = 12 * 60 * 60 * 1000

function describeRepositories(registry: Registry, input: ecr.DescribeRepositoriesRequest) {
  const { repositoryNames } = input
  if (!repositoryNames) {
    const { items, nextToken } = page(
      registry.repositories(),
      ({ settings }) => settings.repositoryName,
      'DescribeRepositories',
      input,
    )
    return { repositories: items.map(({ settings }) => settings), nextToken }
  }
  if (input.maxResults !== undefined || input.nextToken !== undefined)
    throw invalidParameter('repositoryNames', 'cannot be used with maxResults or nextToken')
  return { repositories: repositoryNames.map((name) => registry.need(name).settings) }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html */
export function repositoryHandlers(registry: Registry): Record<string, Handler> {
  const { account, region } = registry.around
  return {
    CreateRepository: (input: ecr.CreateRepositoryRequest) => ({ repository: registry.createRepository(input) }),
    DescribeRepositories: (input: ecr.DescribeRepositoriesRequest) => describeRepositories(registry, input),
    DeleteRepository: ({ repositoryName = '', force }: ecr.DeleteRepositoryRequest) => {
      const { settings, images } = registry.need(repositoryName)
      if (images.size > 0 && !force) throw repositoryNotEmpty(registry.where(repositoryName))
      registry.deleteRepository(repositoryName)
      return { repository: settings }
    },
    PutImageTagMutability: (input: ecr.PutImageTagMutabilityRequest) => {
      const { repositoryName, imageTagMutability, imageTagMutabilityExclusionFilters } = input
      const { settings } = registry.need(repositoryName)
      checkMutability(input)
      Object.assign(settings, { imageTagMutability, imageTagMutabilityExclusionFilters })
      const registryId = account
      return { registryId, repositoryName, imageTagMutability, imageTagMutabilityExclusionFilters }
    },
    GetAuthorizationToken: () => ({
      authorizationData: [
        {
          // The local registry serves no `docker pull`, so the password opens nothing.
          authorizationToken: Buffer.from('AWS:local').toString('base64'),
          expiresAt: new Date(registry.now().getTime() + TOKEN_LIFE),
          proxyEndpoint: `https://${account}.dkr.ecr.${region}.amazonaws.com`,
        },
      ],
    }),
  }
}
