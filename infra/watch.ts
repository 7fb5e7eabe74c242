import type { Construct } from 'constructs'
import {
  BATCH_SIZE,
  BATCH_WINDOW_SECONDS,
  TIMEOUT_SECONDS,
  type WatchConfig,
  watchConfig,
} from '../functions/watch/contract.ts'
import { watchPatterns } from '../functions/watch/patterns.ts'
import { EventUseCase, type Surroundings } from './event-use-case.ts'
import {
  grantEnforceRoles,
  grantReadRoles,
  grantReadsOfRegistry,
  grantReadsOfRepositories,
  grantWrites,
} from './grants.ts'

export type WatchProps = Surroundings & {
  readonly config: WatchConfig
  /** What the roles of other accounts want to be told. */
  readonly externalId?: string
}

/** Changes of settings and failed copies in, alerts on drift out. */
export class Watch extends EventUseCase {
  constructor(scope: Construct, id: string, { config, ...surroundings }: WatchProps) {
    super(scope, id, {
      ...surroundings,
      name: 'watch',
      description: 'judges what was changed, and tells what ECR did not do',
      patterns: watchPatterns(config.policy, config.registry),
      config: watchConfig(config),
      timeoutSeconds: TIMEOUT_SECONDS,
      batchSize: BATCH_SIZE,
      batchWindowSeconds: BATCH_WINDOW_SECONDS,
      maxConcurrency: 5,
    })
    const reads = ['DescribeRepositories', 'GetLifecyclePolicy', 'GetRepositoryPolicy', 'ListTagsForResource']
    grantReadsOfRepositories(this.worker, reads, config.sweep?.regions)
    grantReadRoles(this.worker, config.sweep?.accounts ?? [])
    grantReadsOfRegistry(this.worker, [
      'DescribePullThroughCacheRules',
      'DescribeRegistry',
      'GetRegistryPolicy',
      'GetRegistryScanningConfiguration',
    ])
    grantWrites(this.worker, config.policy, config.sweep?.regions)
    grantEnforceRoles(this.worker, config.policy, config.members?.enforce ?? [])
  }
}
