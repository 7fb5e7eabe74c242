import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { StewardConfig } from '../config/load.ts'
import { alertsTopic } from './alerts-topic.ts'
import { Notify } from './notify.ts'
import { Ops } from './ops.ts'
import { ScanAlert } from './scan-alert.ts'
import { stateTable } from './state-table.ts'
import type { Worker } from './worker.ts'

/** What every use case that is fed by a queue has. */
type UseCase = { readonly worker: Worker; readonly undelivered: Queue }

export type StewardStackProps = StackProps & { readonly config: StewardConfig }

/** The whole product in one stack: wiring only. */
export class StewardStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StewardStackProps) {
    super(scope, id, { description: 'ecr-steward: alerts, policy and clean-up for Amazon ECR', ...props })
    const ops = new Ops(this, 'Ops', { email: config.operations.email })
    const table = stateTable(this, 'State')
    const topic = alertsTopic(this, 'Alerts')
    const { alerts, exceptions } = config
    const scanAlert = new ScanAlert(this, 'ScanAlert', { alerts, exceptions, table, topic, ops })
    this.output('AlertsTopicArn', topic.topicArn, 'Subscribe here to get every alert')
    this.output('OperationsTopicArn', ops.topic.topicArn, 'Subscribe here to get the alarms of ecr-steward itself')
    this.output('StateTableName', table.tableName, 'What was told, about what, to whom')
    this.outputQueues('ScanAlert', scanAlert)
    if (Object.keys(config.channels).length > 0) {
      const notify = new Notify(this, 'Notify', { channels: config.channels, table, topic, ops })
      this.outputQueues('Notify', notify)
    }
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description })
  }

  private outputQueues(name: string, { worker, undelivered }: UseCase): void {
    this.output(`${name}QueueUrl`, worker.queue.queueUrl, `Work of ${name}`)
    this.output(`${name}DeadLettersUrl`, worker.deadLetters.queueUrl, `What ${name} could not process`)
    this.output(`${name}UndeliveredUrl`, undelivered.queueUrl, `What did not get as far as the queue of ${name}`)
  }
}
