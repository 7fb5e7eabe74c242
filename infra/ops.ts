import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Metric,
  type MetricOptions,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { METRIC_NAMESPACE } from '../functions/contract.ts'

/** What the functions of the steward write themselves, without dimensions. */
export const ofSteward = (metricName: string, options: MetricOptions): Metric =>
  new Metric({ namespace: METRIC_NAMESPACE, metricName, ...options })

/** Alarms on the steward itself, told by e-mail and to whoever else subscribes. */
export class Ops extends Construct {
  readonly topic: ITopic

  constructor(scope: Construct, id: string, { email }: { readonly email: readonly string[] }) {
    super(scope, id)
    this.topic = new Topic(this, 'Topic', { displayName: 'ecr-steward operations', enforceSSL: true })
    for (const address of email) this.topic.addSubscription(new EmailSubscription(address))
  }

  /** An alarm that rings above `threshold`, also when it is over. `name` is its section in docs/runbook.md. */
  alarm(name: string, description: string, props: Pick<AlarmProps, 'metric' | 'threshold'>): void {
    this.ring(name, description, {
      ...props,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
  }

  /** Rings when a share, in percent, is below what it has to be, until one comes that is not. */
  share(
    name: string,
    description: string,
    { metric, least }: { readonly metric: Metric; readonly least: number },
  ): void {
    this.ring(name, description, {
      metric,
      threshold: least,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.IGNORE,
    })
  }

  /** Rings when something that should happen at least once a day has not happened for `hours`. */
  heartbeat(name: string, description: string, metric: Metric, hours: number): void {
    this.ring(name, description, {
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: hours,
      treatMissingData: TreatMissingData.BREACHING,
    })
  }

  /** Rings when a dead-letter queue holds anything. */
  watchDeadLetters(name: string, what: string, queue: IQueue): void {
    this.alarm(`${name}-dead-letters`, `${what} and waits in its dead-letter queue.`, {
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: 0,
    })
  }

  private ring(name: string, description: string, props: AlarmProps): void {
    const alarm = new Alarm(this, name, {
      ...props,
      alarmName: `ecr-steward-${name}`,
      alarmDescription: `${description} What to do: docs/runbook.md, section ecr-steward-${name}.`,
    })
    const action = new SnsAction(this.topic)
    alarm.addAlarmAction(action)
    alarm.addOkAction(action)
  }
}
