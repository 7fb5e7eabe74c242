import type * as ecr from '@aws-sdk/client-ecr'
import { invalidParameter } from '../complaints.ts'
import { AwsError } from '../error.ts'
import type { Handler } from '../service.ts'
import { lifecyclePolicyNotFound, repositoryPolicyNotFound } from './errors.ts'
import { canonicalPolicy, REPOSITORY_POLICY } from './policy-document.ts'
import type { Registry, StoredRepository } from './state.ts'

const MOST_TAGS = 50

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function checkLifecyclePolicy(text: string): void {
  const rules = parsed(text)?.rules
  const complaint =
    !Array.isArray(rules) || rules.length === 0 ? 'rules must be a list of at least one rule' : undefined
  const priorities = Array.isArray(rules) ? rules.map((rule) => (rule as { rulePriority?: unknown })?.rulePriority) : []
  const isTwice = new Set(priorities).size < priorities.length
  const reason = complaint ?? (isTwice ? 'Rule priorities must be unique' : undefined)
  if (reason) throw invalidParameter('LifecyclePolicyText', `Lifecycle policy validation failure: ${reason}`)
}

/** The text is kept and answered; nothing here expires by it. */
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
      checkLifecyclePolicy(lifecyclePolicyText)
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
