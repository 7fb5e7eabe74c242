import type { Construct } from 'constructs'
import type { AlertPolicy } from '../functions/domain/alert-policy.ts'
import { BATCH_SIZE, BATCH_WINDOW_SECONDS, TIMEOUT_SECONDS } from '../functions/scan-alert/contract.ts'
import { EventUseCase, type Surroundings } from './event-use-case.ts'
import { grantReadsOfRepositories } from './grants.ts'
import { scanAlertPatterns } from './scan-patterns.ts'

export type ScanAlertProps = Surroundings & { readonly alerts: readonly AlertPolicy[] }

/** Scan events in, alerts on vulnerable and unscanned images out. */
export class ScanAlert extends EventUseCase {
  constructor(scope: Construct, id: string, { alerts, ...surroundings }: ScanAlertProps) {
    super(scope, id, {
      ...surroundings,
      name: 'scan-alert',
      description: 'alerts on vulnerable and unscanned images',
      patterns: scanAlertPatterns(alerts),
      config: { alerts },
      timeoutSeconds: TIMEOUT_SECONDS,
      batchSize: BATCH_SIZE,
      batchWindowSeconds: BATCH_WINDOW_SECONDS,
      maxConcurrency: 10,
    })
    grantReadsOfRepositories(this.worker, ['BatchGetImage', 'DescribeImageScanFindings', 'DescribeImages'])
  }
}
