import { Aws, type CfnElement, Duration, Stack, TimeZone } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import {
  type CleanUpConfig,
  type CleanUpEvent,
  ENV_BUCKET,
  MEMORY_MB,
  READS,
  READS_OF_REGISTRY,
  SCHEDULED_TIME,
  TIMEOUT_SECONDS,
  WRITES,
} from '../functions/clean-up/contract.ts'
import { ENV_TOPIC } from '../functions/contract.ts'
import { repositoryWildcards } from '../functions/domain/repository-wildcards.ts'
import { ENV_EXTERNAL_ID } from '../functions/in-use/contract.ts'
import { cleanUpStore, grantStore } from './clean-up-store.ts'
import { isDaily, MISSED } from './daily.ts'
import { stewardFunction } from './function.ts'
import {
  grantInUse,
  grantOnRepositories,
  grantReadRoles,
  grantReadsOfRegistry,
  grantReadsOfRepositories,
  readsAreNoPulls,
} from './grants.ts'
import { acknowledge } from './nag.ts'
import type { Ops } from './ops.ts'
import { deadLetterQueue } from './queue.ts'

export type CleanUpProps = {
  readonly policy: CleanUpConfig
  readonly topic: ITopic
  readonly ops: Ops
  /** What the roles of other accounts want to be told. */
  readonly externalId?: string
}

/**
 * A run on a schedule: plans go to the bucket, reports to the topic; in mode apply the plan is carried out. The right to remove
 * images is in no role of the stack but in that of this function, and in it only in mode apply.
 */
export class CleanUp extends Construct {
  readonly function: LambdaFunction
  readonly store: Bucket
  /** Starts that came to nothing. */
  readonly deadLetters: Queue

  constructor(scope: Construct, id: string, { policy, topic, ops, externalId }: CleanUpProps) {
    super(scope, id)
    this.store = cleanUpStore(this, 'Store')
    this.deadLetters = deadLetterQueue(this, 'DeadLetters')
    this.function = stewardFunction(this, 'Function', {
      name: 'clean-up',
      description: 'plans what can go, tells it, and in mode apply removes it',
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: MEMORY_MB,
      environment: {
        [ENV_BUCKET]: this.store.bucketName,
        [ENV_TOPIC]: topic.topicArn,
        ...(externalId !== undefined && { [ENV_EXTERNAL_ID]: externalId }),
      },
      config: policy,
    })
    this.grant(policy, topic)
    this.schedule(policy)
    this.watch(policy, ops)
  }

  private grant(policy: CleanUpConfig, topic: ITopic): void {
    topic.grantPublish(this.function)
    grantStore(this, this.store, policy.mode === 'apply')
    grantReadsOfRepositories(this, READS)
    readsAreNoPulls(this)
    grantReadsOfRegistry(this, READS_OF_REGISTRY)
    grantInUse(this, policy.inUse.ignoreSources)
    grantReadRoles(this, policy.inUse.accounts)
    if (policy.mode === 'apply' && policy.entries.length > 0)
      grantOnRepositories(this, {
        operations: WRITES,
        wildcards: repositoryWildcards(policy.entries.flatMap(({ repositories }) => repositories)),
        why: 'Removes images in mode apply, in the repositories of the entries of clean-up.policies alone.',
      })
  }

  /** A run that fails is started again twice, by Lambda; what Lambda cannot be given, by Scheduler. */
  private schedule({ schedule }: CleanUpConfig): void {
    const age = Duration.hours(1)
    this.function.configureAsyncInvoke({
      maxEventAge: age,
      retryAttempts: 2,
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    })
    // CDK's own destination would also grant what a sender does not need.
    this.deadLetters.grant(this.function, 'sqs:SendMessage')
    const event: CleanUpEvent = { scheduledTime: SCHEDULED_TIME }
    new Schedule(this, 'Schedule', {
      description: 'When clean-up of ecr-steward runs',
      schedule: ScheduleExpression.expression(schedule, TimeZone.ETC_UTC),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(this.function, {
        role: this.starter(),
        input: ScheduleTargetInput.fromObject(event),
        deadLetterQueue: this.deadLetters,
        maxEventAge: age,
        retryAttempts: 10,
      }),
    })
  }

  /** What Scheduler may do: start this function. */
  private starter(): Role {
    const ours = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } }
    const role = new Role(this, 'Starter', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: ours }),
      description: 'Starts clean-up of ecr-steward',
    })
    const name = Stack.of(this).getLogicalId(this.function.node.defaultChild as CfnElement)
    acknowledge(role, `IAM5[Resource::<${name}.Arn>:*]`, 'CDK grants every version of the function along with it.')
    return role
  }

  private watch({ schedule }: CleanUpConfig, ops: Ops): void {
    ops.watchDeadLetters('clean-up', 'A run of clean-up came to nothing', this.deadLetters)
    ops.alarm('clean-up-errors', 'clean-up failed three times within an hour: a crash, a timeout or a refusal.', {
      metric: this.function.metricErrors({ period: Duration.hours(1), statistic: 'Sum' }),
      threshold: 2,
    })
    if (isDaily(schedule))
      ops.heartbeat(
        'clean-up-missed',
        `clean-up has not run for ${MISSED} hours.`,
        this.function.metricInvocations({ period: Duration.hours(1), statistic: 'Sum' }),
        MISSED,
      )
  }
}
