import { Duration } from 'aws-cdk-lib'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { type StewardFunctionProps, stewardFunction } from './function.ts'
import type { Ops } from './ops.ts'
import { deadLetterQueue, workQueue } from './queue.ts'

export type WorkerProps = StewardFunctionProps & {
  readonly ops: Ops
  /** Environment variable that gets the URL of the queue, where the function gives records back itself. */
  readonly queueUrlVariable?: string
  readonly batchSize: number
  /** Seconds that the queue gathers a batch. */
  readonly batchWindowSeconds?: number
  /** Invocations at once. */
  readonly maxConcurrency: number
  /** Receives before a message goes to the dead-letter queue. */
  readonly maxReceives: number
  /** Minutes that a message may wait before someone should know. */
  readonly patienceMinutes: number
}

/**
 * A queue and the function that empties it. A record that fails comes back alone; one that never succeeds ends in the
 * dead-letter queue, and an alarm says so.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export class Worker extends Construct {
  readonly queue: Queue
  readonly deadLetters: Queue
  readonly function: NodejsFunction

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id)
    const { timeoutSeconds, batchWindowSeconds = 0 } = props
    this.deadLetters = deadLetterQueue(this, 'DeadLetters')
    this.queue = workQueue(this, 'Queue', {
      visibilityTimeout: Duration.seconds(6 * timeoutSeconds + batchWindowSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceives },
    })
    const url = props.queueUrlVariable ? { [props.queueUrlVariable]: this.queue.queueUrl } : {}
    this.function = stewardFunction(this, 'Function', { ...props, environment: { ...props.environment, ...url } })
    this.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: props.batchSize,
        ...(batchWindowSeconds > 0 ? { maxBatchingWindow: Duration.seconds(batchWindowSeconds) } : {}),
        maxConcurrency: props.maxConcurrency,
        reportBatchItemFailures: true,
      }),
    )
    this.watch(props)
  }

  private watch({ name, ops, patienceMinutes }: WorkerProps): void {
    ops.watchDeadLetters(name, `A message for ${name}`, this.deadLetters)
    ops.alarm(`${name}-errors`, `${name} failed as a whole: a crash, a timeout or a wrong setting.`, {
      metric: this.function.metricErrors({ period: Duration.minutes(5), statistic: 'sum' }),
      threshold: 2,
    })
    ops.alarm(`${name}-age`, `A message waits for ${name} for more than ${patienceMinutes} minutes.`, {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'max' }),
      threshold: patienceMinutes * 60,
    })
  }
}
