import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { repositoryArn } from '../../functions/domain/registry.ts'

/** A call that AWS refused for want of a permission. */
export type Denial = {
  /** `ecr:GetLifecyclePolicy` */
  readonly action: string
  /** ARN; `*` where the action knows none. */
  readonly resource: string
  /** Whether a policy forbids it outright. */
  readonly isForbidden: boolean
}

type Input = Readonly<Record<string, unknown>>

/** The ARN that a policy would name for a call of ECR, or for one about a key of KMS. */
export function resourceOf(input: Input, registry: RegistryRef): string {
  const { resourceArn = input.KeyId } = input
  if (typeof resourceArn === 'string') return resourceArn
  const [first] = Array.isArray(input.repositoryNames) ? input.repositoryNames : [input.repositoryName]
  return typeof first === 'string' ? repositoryArn({ ...registry, repository: first }) : '*'
}

type Statement = { readonly Effect: 'Allow'; readonly Action: readonly string[]; readonly Resource: string }

/** One resource for all repositories that something is missing on: a list of hundreds is of no use in a policy. */
function resourceFor(action: string, denials: readonly Denial[], registry: RegistryRef): string {
  const resources = new Set(denials.filter((denial) => denial.action === action).map(({ resource }) => resource))
  const [only = '*'] = resources
  return resources.size > 1 ? repositoryArn({ ...registry, repository: '*' }) : only
}

/** Statements to add to the policy of the caller, so that all that was refused is allowed. */
export function statementsFor(denials: readonly Denial[], registry: RegistryRef): readonly Statement[] {
  const byResource = new Map<string, string[]>()
  for (const action of [...new Set(denials.map((denial) => denial.action))].toSorted()) {
    const resource = resourceFor(action, denials, registry)
    byResource.set(resource, [...(byResource.get(resource) ?? []), action])
  }
  return [...byResource].map(([Resource, Action]) => ({ Effect: 'Allow', Action, Resource }))
}
