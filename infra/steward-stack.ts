import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { StewardConfig } from '../config/load.ts'
import { pushPatterns } from '../functions/push-check/patterns.ts'
import about from '../package.json' with { type: 'json' }
import { alertsTopic } from './alerts-topic.ts'
import { CleanUp } from './clean-up.ts'
import { dashboard } from './dashboard.ts'
import type { Surroundings } from './event-use-case.ts'
import { admitMembers } from './members.ts'
import { Notify } from './notify.ts'
import { Ops } from './ops.ts'
import { PushCheck } from './push-check.ts'
import { ScanAlert } from './scan-alert.ts'
import { stateTable } from './state-table.ts'
import { Sweep } from './sweep.ts'
import { Watch } from './watch.ts'
import type { Worker } from './worker.ts'

/** What every use case that is fed by a queue has. */
type UseCase = { readonly worker: Worker; readonly undelivered: Queue }

export type StewardStackProps = StackProps & { readonly config: StewardConfig }

/** The whole product in one stack: wiring only. */
export class StewardStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StewardStackProps) {
    super(scope, id, { description: 'ecr-steward: alerts, policy and clean-up for Amazon ECR', ...props })
    this.output('Version', about.version, 'Version of ecr-steward: ecr-steward doctor compares it with its own')
    const ops = new Ops(this, 'Ops', { email: config.operations.email })
    const table = stateTable(this, 'State')
    const topic = alertsTopic(this, 'Alerts')
    this.output('AlertsTopicArn', topic.topicArn, 'Subscribe here to get every alert')
    this.output('OperationsTopicArn', ops.topic.topicArn, 'Subscribe here to get the alarms of ecr-steward itself')
    this.output('StateTableName', table.tableName, 'What was told, about what, to whom')
    this.addUseCases(config, { table, topic, ops })
  }

  /** What has nothing to do is not there: its queues and alarms would cost something. */
  private addUseCases(config: StewardConfig, surroundings: Surroundings): void {
    const { alerts, exceptions, policy, channels, cleanUp, sweep, members } = config
    const sections = { alerts, exceptions, sweep, policy }
    const scanAlert = new ScanAlert(this, 'ScanAlert', { ...surroundings, ...members, ...sections })
    this.outputQueues('ScanAlert', scanAlert)
    const isJudged = pushPatterns(policy).length > 0
    const pushCheck = isJudged ? new PushCheck(this, 'PushCheck', { ...surroundings, ...members, config }) : undefined
    if (pushCheck) this.outputQueues('PushCheck', pushCheck)
    const watch = new Watch(this, 'Watch', { ...surroundings, ...members, config })
    this.outputQueues('Watch', watch)
    if (cleanUp) this.addCleanUp(new CleanUp(this, 'CleanUp', { ...surroundings, ...members, policy: cleanUp }))
    if (sweep) {
      const queues = {
        ...{ scans: scanAlert.worker.queue, pushes: pushCheck?.worker.queue },
        changes: watch.worker.queue,
      }
      this.addSweep(new Sweep(this, 'Sweep', { ...surroundings, ...members, config: { ...config, sweep }, queues }))
      if (sweep.accounts.length > 0) admitMembers(this, sweep.accounts)
      const workers = [scanAlert.worker, ...(pushCheck ? [pushCheck.worker] : [])]
      dashboard(this, 'Dashboard', { topic: surroundings.topic, queues: workers.map(({ queue }) => queue) })
    }
    if (Object.keys(channels).length > 0)
      this.outputQueues('Notify', new Notify(this, 'Notify', { ...surroundings, channels }))
  }

  private addCleanUp({ store, deadLetters, function: { functionName } }: CleanUp): void {
    this.output('CleanUpBucketName', store.bucketName, 'Plans, and the journal of what was removed')
    this.output('CleanUpFunctionName', functionName, 'To be started by hand')
    this.output('CleanUpDeadLettersUrl', deadLetters.queueUrl, 'Runs of clean-up that came to nothing')
  }

  private addSweep({ store, machine, deadLetters }: Sweep): void {
    this.output('SweepBucketName', store.bucketName, 'Sweeps and their reports')
    this.output('SweepMachineArn', machine.stateMachineArn, 'To be started by hand')
    this.output('SweepDeadLettersUrl', deadLetters.queueUrl, 'Sweeps that could not be started')
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
