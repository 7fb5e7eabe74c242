import { Duration } from 'aws-cdk-lib'
import { Dashboard, GraphWidget, type IMetric, type IWidget, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { METRICS } from '../functions/sweep/contract.ts'
import { ofSteward } from './ops.ts'

const DAY = Duration.days(1)

/** Of the last sweep of each day. */
const swept = (...names: readonly (keyof typeof METRICS)[]): IMetric[] =>
  names.map((name) => ofSteward(METRICS[name], { period: DAY, statistic: 'Maximum' }))

const graph = (title: string, left: IMetric[], right: IMetric[] = []): IWidget =>
  new GraphWidget({ title, left, right, width: 12, leftYAxis: { min: 0 }, rightYAxis: { min: 0 } })

export type Shown = { readonly topic: ITopic; readonly queues: readonly IQueue[] }

/** What the steward has told, what sweeps found, and how long work waits: a page of CloudWatch. */
export function dashboard(scope: Construct, id: string, { topic, queues }: Shown): Dashboard {
  const now = swept('coverage', 'score', 'critical', 'overdue', 'dollars')
  const alerts = topic.metricNumberOfMessagesPublished({ period: DAY, statistic: 'Sum' })
  const ages = queues.map((queue) => queue.metricApproximateAgeOfOldestMessage({ label: queue.node.path }))
  return new Dashboard(scope, id, {
    defaultInterval: Duration.days(30),
    widgets: [
      [new SingleValueWidget({ title: 'Last sweep', metrics: now, width: 24 })],
      [graph('Alerts', [alerts]), graph('Findings', swept('findings', 'critical', 'high', 'overdue'))],
      [graph('Verdicts that are open', swept('fails', 'unknowns')), graph('Score', swept('score'))],
      [
        graph('Coverage in percent, and duration', swept('coverage'), swept('duration')),
        graph('Swept', swept('images'), swept('repositories')),
      ],
      [
        graph('Bytes in store, and dollars a month', swept('storedBytes', 'removableBytes'), swept('dollars')),
        graph('Seconds that the oldest message waits', ages),
      ],
    ],
  })
}
