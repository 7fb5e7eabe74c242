import type * as ecr from '@aws-sdk/client-ecr'
import { AwsError } from '../error.ts'
import type { Handler } from '../service.ts'
import { lifecyclePolicyNotFound, repositoryPolicyNotFound } from './errors.ts'
import { readPolicy } from './lifecycle-preview/document.ts'
import { canonicalPolicy, REPOSITORY_POLICY } from './policy-document.ts'
import type { Registry } from './state.ts'
import type { StoredRepository } from './stored.ts'

const MOST_TAGS = 50

/** The text is kept as it is written; what it says is done when `runLifecycle` is called. */
export function lifecycleHandlers(registry: Registry): Record<string, Handler> {
  const registryId = registry.around.account
  const answer = (repositoryName: string | undefined) => {
    const { lifecyclePolicyText } = registry.need(repositoryName)
    if (lifecyclePolicyText === undefined) throw lifecyclePolicyNotFound(registry.where(repositoryName))
    return { registryId, repositoryName, lifecyclePolicyText }
  }
  return {
    PutLifecyclePolicy: ({ repositoryName, lifecyclePolicyText = '' }: ecr.PutLifecyclePolicyRequest) => {
      const repository = registry.need(repositoryName)
      readPolicy(lifecyclePolicyText)
      repository.lifecyclePolicyText = lifecyclePolicyText
      return answer(repositoryName)
    },
    GetLifecyclePolicy: ({ repositoryName }: ecr.GetLifecyclePolicyRequest) => answer(repositoryName),
    DeleteLifecyclePolicy: ({ repositoryName }: ecr.DeleteLifecyclePolicyRequest) => {
      const deleted = answer(repositoryName)
      registry.need(repositoryName).lifecyclePolicyText = undefined
      return deleted
    },
  }
}

export function repositoryPolicyHandlers(registry: Registry): Record<string, Handler> {
  const registryId = registry.around.account
  const answer = (repositoryName: string | undefined) => {
    const { policyText } = registry.need(repositoryName)
    if (policyText === undefined) throw repositoryPolicyNotFound(registry.where(repositoryName))
    return { registryId, repositoryName, policyText }
  }
  return {
    SetRepositoryPolicy: ({ repositoryName, policyText = '' }: ecr.SetRepositoryPolicyRequest) => {
      const repository = registry.need(repositoryName)
      repository.policyText = canonicalPolicy(policyText, REPOSITORY_POLICY)
      return answer(repositoryName)
    },
    GetRepositoryPolicy: ({ repositoryName }: ecr.GetRepositoryPolicyRequest) => answer(repositoryName),
    DeleteRepositoryPolicy: ({ repositoryName }: ecr.DeleteRepositoryPolicyRequest) => {
      const deleted = answer(repositoryName)
      registry.need(repositoryName).policyText = undefined
      return deleted
    },
  }
}

export function tagHandlers(registry: Registry): Record<string, Handler> {
  const named = (arn = ''): StoredRepository => {
    const [prefix, name] = arn.split(':repository/')
    if (name === undefined || prefix !== registry.arnOf('').split(':repository/')[0])
      throw new AwsError(
        'InvalidParameterException',
        `Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'`,
      )
    return registry.need(name)
  }
  return {
    TagResource: ({ resourceArn, tags = [] }: ecr.TagResourceRequest) => {
      const repository = named(resourceArn)
      const next = new Map(repository.tags)
      for (const { Key = '', Value = '' } of tags) next.set(Key, Value)
      if (next.size > MOST_TAGS)
        throw new AwsError('TooManyTagsException', `A resource can have at most ${MOST_TAGS} tags.`)
      repository.tags = next
    },
    UntagResource: ({ resourceArn, tagKeys = [] }: ecr.UntagResourceRequest) => {
      const repository = named(resourceArn)
      for (const key of tagKeys) repository.tags.delete(key)
    },
    ListTagsForResource: ({ resourceArn }: ecr.ListTagsForResourceRequest) => ({
      tags: [...named(resourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  }
}
