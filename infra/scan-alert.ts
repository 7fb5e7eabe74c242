import { Duration, Stack } from 'aws-cdk-lib'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { type EventPattern, Match, Rule } from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { ENV_TABLE } from '../functions/contract.ts'
import type { AlertPolicy } from '../functions/domain/alert-policy.ts'
import { BATCH_SIZE, BATCH_WINDOW_SECONDS, ENV_TOPIC, TIMEOUT_SECONDS } from '../functions/scan-alert/contract.ts'
import { acknowledge } from './nag.ts'
import type { Ops } from './ops.ts'
import { type Pattern, scanAlertPatterns } from './patterns.ts'
import { deadLetterQueue } from './queue.ts'
import { Worker } from './worker.ts'

export type ScanAlertProps = {
  readonly alerts: readonly AlertPolicy[]
  readonly table: Table
  readonly topic: ITopic
  readonly ops: Ops
}

/** The pattern in the CDK's spelling. */
const toEventPattern = ({ source, 'detail-type': detailType, resources, detail }: Pattern): EventPattern => ({
  source: [...source],
  detailType: [...detailType],
  detail,
  ...(resources && { resources: resources.flatMap(({ wildcard }) => Match.wildcard(wildcard)) }),
})

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
    this.undelivered = deadLetterQueue(this, 'Undelivered')
    this.grant(table, topic)
    this.addRules(alerts)
    ops.watchDeadLetters(
      'scan-alert-undelivered',
      'An event that a rule matched could not be put on the queue of scan-alert',
      this.undelivered,
    )
  }

  private grant(table: Table, topic: ITopic): void {
    const lambda = this.worker.function
    topic.grantPublish(lambda)
    table.grant(lambda, 'dynamodb:UpdateItem')
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecr:BatchGetImage', 'ecr:DescribeImageScanFindings', 'ecr:DescribeImages'],
        resources: [Stack.of(this).formatArn({ service: 'ecr', resource: 'repository', resourceName: '*' })],
      }),
    )
    acknowledge(
      this.worker,
      'IAM5[Resource::arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/*]',
      'Reads the scans of every repository of the registry, whatever is pushed to it; it can change none.',
    )
  }

  private addRules(alerts: readonly AlertPolicy[]): void {
    const target = new SqsQueue(this.worker.queue, {
      deadLetterQueue: this.undelivered,
      maxEventAge: Duration.hours(24),
      retryAttempts: 185,
    })
    for (const { id, description, pattern } of scanAlertPatterns(alerts)) {
      new Rule(this, id, { description, eventPattern: toEventPattern(pattern), targets: [target] })
    }
  }
}
