import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { ENV_TABLE, METRIC_NAMESPACE } from '../functions/contract.ts'
import {
  BATCH_SIZE,
  CHANNEL_BROKEN,
  ENV_QUEUE_URL,
  MAX_CONCURRENCY,
  type NotifyConfig,
  TIMEOUT_SECONDS,
} from '../functions/notify/contract.ts'
import type { Ops } from './ops.ts'
import { deadLetterQueue } from './queue.ts'
import { Worker } from './worker.ts'

/** An outage of Slack takes 19 receives in six hours (functions/notify/delays.ts); as many again for a busy channel. */
const MAX_RECEIVES = 40

export type NotifyProps = NotifyConfig & { readonly table: Table; readonly topic: ITopic; readonly ops: Ops }

/** Alerts from the topic in, Slack messages out. */
export class Notify extends Construct {
  readonly worker: Worker
  /** Alerts that did not get from the topic to the queue. */
  readonly undelivered: Queue

  constructor(scope: Construct, id: string, { channels, table, topic, ops }: NotifyProps) {
    super(scope, id)
    this.worker = new Worker(this, 'Worker', {
      name: 'notify',
      description: 'posts alerts to Slack',
      ops,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: { [ENV_TABLE]: table.tableName },
      queueUrlVariable: ENV_QUEUE_URL,
      config: { channels },
      batchSize: BATCH_SIZE,
      maxConcurrency: MAX_CONCURRENCY,
      maxReceives: MAX_RECEIVES,
      patienceMinutes: 60,
    })
    this.undelivered = deadLetterQueue(this, 'Undelivered')
    this.grant(channels, table)
    this.watchChannels(ops)
    ops.watchDeadLetters(
      'notify-undelivered',
      'An alert did not get from the topic to the queue of notify',
      this.undelivered,
    )
    topic.addSubscription(
      new SqsSubscription(this.worker.queue, { rawMessageDelivery: true, deadLetterQueue: this.undelivered }),
    )
  }

  private grant(channels: NotifyConfig['channels'], table: Table): void {
    const lambda = this.worker.function
    table.grant(lambda, 'dynamodb:GetItem', 'dynamodb:UpdateItem')
    lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: Object.values(channels).map(({ secret }) => this.secretArn(secret)),
      }),
    )
    lambda.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:ChangeMessageVisibility'], resources: [this.worker.queue.queueArn] }),
    )
  }

  /** Secrets Manager adds six characters of its own to the name. */
  private secretArn(name: string): string {
    return Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${name}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
  }

  /** A channel that will never take a message again is told elsewhere than in that channel. */
  private watchChannels(ops: Ops): void {
    const filter = new MetricFilter(this, 'ChannelBroken', {
      logGroup: this.worker.function.logGroup,
      filterPattern: FilterPattern.stringValue('$.message.outcome', '=', CHANNEL_BROKEN),
      metricNamespace: METRIC_NAMESPACE,
      metricName: 'ChannelBroken',
      metricValue: '1',
    })
    ops.alarm('channel-broken', 'Slack refuses the messages of a channel for good.', {
      metric: filter.metric({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 0,
    })
  }
}
