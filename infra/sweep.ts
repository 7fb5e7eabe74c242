import { Aws, Duration, Stack, TimeZone } from 'aws-cdk-lib'
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler'
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { SCHEDULED_TIME } from '../functions/clean-up/contract.ts'
import { ENV_TOPIC } from '../functions/contract.ts'
import {
  ENV_BUCKET,
  ENV_CHANGE_QUEUE,
  ENV_EXTERNAL_ID,
  ENV_PUSH_QUEUE,
  ENV_SBOM_KEY,
  ENV_SCAN_QUEUE,
  MEMORY_MB,
  METRICS,
  READS,
  READS_OF_REGISTRY,
  type SweepConfig,
  type SweepSections,
  sweepConfig,
  TIMEOUT_SECONDS,
} from '../functions/sweep/contract.ts'
import { isDaily, MISSED } from './daily.ts'
import { stewardFunction } from './function.ts'
import {
  grantEvidence,
  grantInUse,
  grantReadRoles,
  grantReadsOfRegistry,
  grantReadsOfRepositories,
  readsAreNoPulls,
} from './grants.ts'
import { type Ops, ofSteward } from './ops.ts'
import { deadLetterQueue } from './queue.ts'
import { SbomExports } from './sbom-exports.ts'
import { sweepMachine } from './sweep-machine.ts'
import { grantSweeps, sweepStore } from './sweep-store.ts'

export type SweepProps = {
  readonly config: SweepSections
  readonly topic: ITopic
  readonly ops: Ops
  /** What the roles of other accounts want to be told. */
  readonly externalId?: string
  /** Of the use cases that tell; one that is not in the stack has none. */
  readonly queues: { readonly scans: IQueue; readonly pushes: IQueue | undefined; readonly changes: IQueue }
}

/** A state machine on a schedule: whole registries in, reports in the bucket, a digest on the topic, and what no event told on the queues. */
export class Sweep extends Construct {
  readonly function: LambdaFunction
  readonly store: Bucket
  readonly machine: StateMachine
  /** Starts that came to nothing. */
  readonly deadLetters: Queue

  constructor(scope: Construct, id: string, { config, topic, ops, externalId, queues }: SweepProps) {
    super(scope, id)
    const built = sweepConfig(config)
    this.store = sweepStore(this, 'Store')
    const exports = this.sbomExports(config)
    this.deadLetters = deadLetterQueue(this, 'DeadLetters')
    this.function = stewardFunction(this, 'Function', {
      name: 'sweep',
      description: 'lists registries, judges their repositories in batches, and reports',
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: MEMORY_MB,
      environment: {
        [ENV_BUCKET]: this.store.bucketName,
        [ENV_TOPIC]: topic.topicArn,
        [ENV_SCAN_QUEUE]: queues.scans.queueUrl,
        [ENV_PUSH_QUEUE]: queues.pushes?.queueUrl ?? '',
        [ENV_CHANGE_QUEUE]: queues.changes.queueUrl,
        ...(externalId !== undefined && { [ENV_EXTERNAL_ID]: externalId }),
        ...(exports && { [ENV_SBOM_KEY]: exports.key.keyArn }),
      },
      config: built,
    })
    this.grantReads(built)
    exports?.grant(this)
    this.grantTelling(config, topic, [queues.scans, ...(queues.pushes ? [queues.pushes] : []), queues.changes])
    this.machine = sweepMachine(this, this.function, this.store)
    this.schedule(config.sweep.schedule)
    this.watch(config.sweep.schedule, ops)
  }

  /** Only where Inspector is asked for SBOMs: its key has a price. */
  private sbomExports({ sweep: { packages, accounts } }: SweepSections): SbomExports | undefined {
    if (packages !== 'attached-else-inspector') return undefined
    return new SbomExports(this, 'SbomExports', { store: this.store, accounts })
  }

  private grantReads({ sweep, cleanUp, vouching }: SweepConfig): void {
    grantSweeps(this, this.store)
    grantReadsOfRepositories(this, READS, sweep.regions)
    grantEvidence(this, vouching, sweep.regions)
    readsAreNoPulls(this)
    grantReadsOfRegistry(this, READS_OF_REGISTRY)
    if (cleanUp) grantInUse(this, cleanUp.inUse.ignoreSources)
    grantReadRoles(this, [...new Set([...sweep.accounts, ...(cleanUp?.inUse.accounts ?? [])])])
  }

  private grantTelling({ sweep }: SweepConfig, topic: ITopic, queues: readonly IQueue[]): void {
    topic.grantPublish(this.function)
    for (const queue of queues) queue.grant(this.function, 'sqs:SendMessage')
    if (!sweep.securityHub) return
    const product = Stack.of(this).formatArn({
      ...{ service: 'securityhub', resource: 'product', resourceName: `${Aws.ACCOUNT_ID}/default` },
    })
    this.function.addToRolePolicy(
      new PolicyStatement({ actions: ['securityhub:BatchImportFindings'], resources: [product] }),
    )
  }

  /** What cannot be started is tried for an hour: later, it would be the sweep of another hour. */
  private schedule(expression: string): void {
    new Schedule(this, 'Schedule', {
      description: 'When the sweep of ecr-steward runs',
      schedule: ScheduleExpression.expression(expression, TimeZone.ETC_UTC),
      timeWindow: TimeWindow.off(),
      target: new StepFunctionsStartExecution(this.machine, {
        role: new Role(this, 'Starter', {
          assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
            conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
          }),
          description: 'Starts the sweep of ecr-steward',
        }),
        input: ScheduleTargetInput.fromObject({ scheduledTime: SCHEDULED_TIME }),
        deadLetterQueue: this.deadLetters,
        maxEventAge: Duration.hours(1),
        retryAttempts: 10,
      }),
    })
  }

  private watch(expression: string, ops: Ops): void {
    const hour = Duration.hours(1)
    ops.watchDeadLetters('sweep', 'A sweep could not be started', this.deadLetters)
    ops.alarm('sweep-failed', 'A sweep failed, ran for 12 hours, or was stopped: there is no report of it.', {
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
        usingMetrics: {
          failed: this.machine.metricFailed(),
          timedOut: this.machine.metricTimedOut(),
          aborted: this.machine.metricAborted(),
        },
        period: hour,
        label: 'sweeps without a report',
      }),
      threshold: 0,
    })
    ops.alarm('sweep-errors', 'Steps of the sweep failed more than five times within an hour.', {
      metric: this.function.metricErrors({ period: hour, statistic: 'Sum' }),
      threshold: 5,
    })
    ops.share('sweep-coverage', 'Something that was to be swept was not judged, and the report says what.', {
      metric: ofSteward(METRICS.coverage, { period: hour, statistic: 'Minimum' }),
      least: 100,
    })
    if (isDaily(expression))
      ops.heartbeat(
        'sweep-missed',
        `No sweep has ended for ${MISSED} hours.`,
        ofSteward(METRICS.coverage, { period: hour, statistic: 'SampleCount' }),
        MISSED,
      )
  }
}
