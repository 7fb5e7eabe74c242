import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { ENV_TABLE } from '../functions/contract.ts'
import type { AlertPolicy } from '../functions/domain/alert-policy.ts'
import { BATCH_SIZE, BATCH_WINDOW_SECONDS, ENV_TOPIC, TIMEOUT_SECONDS } from '../functions/scan-alert/contract.ts'
import { eventRules } from './event-rules.ts'
import { grantReadsOfRepositories, grantTelling } from './grants.ts'
import type { Ops } from './ops.ts'
import { scanAlertPatterns } from './scan-patterns.ts'
import { Worker } from './worker.ts'

export type ScanAlertProps = {
  readonly alerts: readonly AlertPolicy[]
  readonly table: Table
  readonly topic: ITopic
  readonly ops: Ops
}

/** Scan events in, alerts on the topic out. */
export class ScanAlert extends Construct {
  readonly worker: Worker
  /** Events that a rule matched, and that could not be put on the queue. */
  readonly undelivered: Queue

  constructor(scope: Construct, id: string, { alerts, table, topic, ops }: ScanAlertProps) {
    super(scope, id)
    this.worker = new Worker(this, 'Worker', {
      name: 'scan-alert',
      description: 'alerts on vulnerable and unscanned images',
      ops,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: { [ENV_TABLE]: table.tableName, [ENV_TOPIC]: topic.topicArn },
      config: { alerts },
      batchSize: BATCH_SIZE,
      batchWindowSeconds: BATCH_WINDOW_SECONDS,
      maxConcurrency: 10,
      maxReceives: 10,
      patienceMinutes: 60,
    })
    grantTelling(this.worker, { table, topic })
    grantReadsOfRepositories(this.worker, ['BatchGetImage', 'DescribeImageScanFindings', 'DescribeImages'])
    this.undelivered = eventRules(this, {
      name: 'scan-alert',
      queue: this.worker.queue,
      patterns: scanAlertPatterns(alerts),
      ops,
    })
  }
}
