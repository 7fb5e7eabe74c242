import type { Construct } from 'constructs'
import {
  BATCH_SIZE,
  BATCH_WINDOW_SECONDS,
  type PushCheckSections,
  pushCheckConfig,
  TIMEOUT_SECONDS,
} from '../functions/push-check/contract.ts'
import { pushPatterns } from '../functions/push-check/patterns.ts'
import { EventUseCase, type Surroundings } from './event-use-case.ts'
import {
  grantEnforceRoles,
  grantEvidence,
  grantQuarantine,
  grantReadRoles,
  grantReadsOfRegistry,
  grantReadsOfRepositories,
  grantWrites,
  readsAreNoPulls,
} from './grants.ts'

export type PushCheckProps = Surroundings & {
  readonly config: PushCheckSections
  /** What the roles of other accounts want to be told. */
  readonly externalId?: string
}

/** Pushes in, alerts on rules that fail out. */
export class PushCheck extends EventUseCase {
  constructor(scope: Construct, id: string, { config, ...surroundings }: PushCheckProps) {
    const built = pushCheckConfig(config)
    super(scope, id, {
      ...surroundings,
      name: 'push-check',
      description: 'judges what is pushed, and the repository that it is pushed to',
      patterns: pushPatterns(config.policy),
      config: built,
      timeoutSeconds: TIMEOUT_SECONDS,
      batchSize: BATCH_SIZE,
      batchWindowSeconds: BATCH_WINDOW_SECONDS,
      maxConcurrency: 10,
    })
    const reads = [
      ...['BatchGetImage', 'DescribeImages', 'DescribeRepositories'],
      ...['GetDownloadUrlForLayer', 'GetLifecyclePolicy', 'GetRepositoryPolicy'],
    ]
    grantReadsOfRepositories(this.worker, reads, config.sweep?.regions)
    grantEvidence(this.worker, built.vouching, config.sweep?.regions)
    grantReadRoles(this.worker, config.sweep?.accounts ?? [])
    readsAreNoPulls(this.worker)
    grantReadsOfRegistry(this.worker, ['GetRegistryScanningConfiguration'])
    grantWrites(this.worker, config.policy, config.sweep?.regions)
    grantEnforceRoles(this.worker, config.policy, config.members?.enforce ?? [])
    grantQuarantine(this.worker, config.policy, {
      ...{ regions: config.sweep?.regions ?? [], accounts: config.members?.enforce ?? [] },
    })
  }
}
