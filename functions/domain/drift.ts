import { ruleOf } from './rulebook.ts'

/**
 * What a call of ECR's API changes, in the words of what rules read.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
 */
const CHANGES: Readonly<Record<string, string>> = {
  PutImageTagMutability: 'settings',
  PutImageScanningConfiguration: 'settings',
  PutLifecyclePolicy: 'lifecyclePolicy',
  DeleteLifecyclePolicy: 'lifecyclePolicy',
  SetRepositoryPolicy: 'policy',
  DeleteRepositoryPolicy: 'policy',
  TagResource: 'tags',
  UntagResource: 'tags',
  PutRegistryScanningConfiguration: 'scanning',
  PutRegistryPolicy: 'policy',
  DeleteRegistryPolicy: 'policy',
  PutReplicationConfiguration: 'replication',
  CreatePullThroughCacheRule: 'cacheRules',
  UpdatePullThroughCacheRule: 'cacheRules',
  DeletePullThroughCacheRule: 'cacheRules',
}

/** Whoever makes a repository changes none, and answers for all of it. */
export const CREATION = 'CreateRepository'

/**
 * What a sweep that found something says in place of a change: it has looked. CloudTrail sends no event of it, since it writes
 * nothing, and nobody is named for what was found.
 */
export const LOOK = 'DescribeRepositories'

/**
 * Whether a call may be why a rule fails. At a first look everything is new, also what somebody else left behind long
 * ago: nobody is named for that.
 */
export function mayCause(call: string, rule: string): boolean {
  const changed = CHANGES[call]
  return call === CREATION || (changed !== undefined && (ruleOf(rule)?.needs.includes(changed) ?? false))
}
