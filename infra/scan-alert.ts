import type { Construct } from 'constructs'
import {
  BATCH_SIZE,
  BATCH_WINDOW_SECONDS,
  type ScanAlertSections,
  scanAlertConfig,
  TIMEOUT_SECONDS,
} from '../functions/scan-alert/contract.ts'
import { scanAlertPatterns } from '../functions/scan-alert/patterns.ts'
import { EventUseCase, type Surroundings } from './event-use-case.ts'
import { grantReadRoles, grantReadsOfRepositories, readsAreNoPulls } from './grants.ts'

export type ScanAlertProps = Surroundings &
  ScanAlertSections & {
    /** What the roles of other accounts want to be told. */
    readonly externalId?: string
  }

/** Scan events in, alerts on vulnerable and unscanned images out. */
export class ScanAlert extends EventUseCase {
  constructor(scope: Construct, id: string, { alerts, exceptions, sweep, policy, ...surroundings }: ScanAlertProps) {
    super(scope, id, {
      ...surroundings,
      name: 'scan-alert',
      description: 'alerts on vulnerable and unscanned images',
      patterns: scanAlertPatterns(alerts),
      config: scanAlertConfig({ alerts, exceptions, sweep, policy }),
      timeoutSeconds: TIMEOUT_SECONDS,
      batchSize: BATCH_SIZE,
      batchWindowSeconds: BATCH_WINDOW_SECONDS,
      maxConcurrency: 10,
    })
    const reads = ['BatchGetImage', 'DescribeImageScanFindings', 'DescribeImages']
    grantReadsOfRepositories(this.worker, reads, sweep?.regions)
    grantReadRoles(this.worker, sweep?.accounts ?? [])
    readsAreNoPulls(this.worker)
  }
}
