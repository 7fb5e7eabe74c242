import type { CleanUpPolicy } from '../domain/clean-up/policy.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { registryKey } from '../domain/registry.ts'

/** Lambda lets nothing take longer: what is left then is left to the next run. */
export const TIMEOUT_SECONDS = 900
/** A million images in one repository take about 100 MB. */
export const MEMORY_MB = 512

/** Name of the bucket that holds plans and the journal. */
export const ENV_BUCKET = 'STEWARD_BUCKET'
/** Where a registry's keys begin in the bucket. */
export const storePrefix = (registry: RegistryRef): string => `clean-up/${registryKey(registry)}`

/** What Scheduler hands over. @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
export type CleanUpEvent = {
  /** ISO 8601, without fractions. The same for a start that is repeated. */
  readonly scheduledTime: string
}
export const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>'

/** What the bundle is built with. */
export type CleanUpConfig = CleanUpPolicy

/** Operations of ECR about the registry as a whole, the list of its repositories too: IAM asks for them on everything. */
export const READS_OF_REGISTRY = ['DescribeRepositories', 'GetRegistryPolicy'] as const

/** Operations of ECR that every run reads with. */
export const READS = ['BatchGetImage', 'DescribeImages', 'GetLifecyclePolicy', 'GetRepositoryPolicy'] as const

/** Operations of ECR that remove images, archive them, or bring them back: only in mode apply. */
export const WRITES = ['BatchDeleteImage', 'PutImage', 'UpdateImageStorageClass'] as const
