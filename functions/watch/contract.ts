import type { AlertPolicy } from '../domain/alert-policy.ts'
import type { Exception } from '../domain/exception.ts'
import type { PolicyEntry, RegistryPolicy } from '../domain/policy.ts'
import { type Agreed, agreedIn, type Elsewhere, elsewhereIn } from '../elsewhere.ts'

/** Seconds that one invocation may take; the queue's visibility and the leases follow from it. */
export const TIMEOUT_SECONDS = 60
/** Records of one invocation. */
export const BATCH_SIZE = 100
/** Seconds that the queue gathers a batch: who changes a repository often changes several of its settings at once. */
export const BATCH_WINDOW_SECONDS = 10

/** What the bundle is built with. */
export type WatchConfig = {
  readonly alerts: readonly AlertPolicy[]
  readonly policy: readonly PolicyEntry[]
  readonly registry: RegistryPolicy
  /** Those on rules. */
  readonly exceptions: readonly Exception[]
  /** Whose repositories are looked at beside those of the stack's registry. */
  readonly sweep?: Elsewhere | undefined
  /** Who agreed that it puts something right in their accounts. */
  readonly members?: Agreed | undefined
}

export const watchConfig = ({ alerts, policy, registry, exceptions, sweep, members }: WatchConfig): WatchConfig => ({
  alerts,
  policy,
  registry,
  exceptions: exceptions.filter(({ rule }) => rule !== undefined),
  ...elsewhereIn(sweep),
  ...agreedIn(members),
})

/**
 * Calls of ECR's API that change what rules say of a repository. CloudTrail brings them as `detail.eventName`.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
 */
export const REPOSITORY_CALLS = [
  'CreateRepository',
  'DeleteRepository',
  'PutImageTagMutability',
  'PutImageScanningConfiguration',
  'PutLifecyclePolicy',
  'DeleteLifecyclePolicy',
  'SetRepositoryPolicy',
  'DeleteRepositoryPolicy',
  'TagResource',
  'UntagResource',
] as const

/** Calls that change what rules say of the registry. */
export const REGISTRY_CALLS = [
  'PutRegistryScanningConfiguration',
  'PutRegistryPolicy',
  'DeleteRegistryPolicy',
  'PutReplicationConfiguration',
  'CreatePullThroughCacheRule',
  'UpdatePullThroughCacheRule',
  'DeletePullThroughCacheRule',
  'CreateRepositoryCreationTemplate',
  'UpdateRepositoryCreationTemplate',
  'DeleteRepositoryCreationTemplate',
  'PutAccountSetting',
  'PutSigningConfiguration',
  'DeleteSigningConfiguration',
  'RegisterPullTimeUpdateExclusion',
  'DeregisterPullTimeUpdateExclusion',
] as const
