import { Duration } from 'aws-cdk-lib'
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
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
  readonly function: LambdaFunction

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
    this.poll(props)
    this.watch(props)
  }

  /** CDK's own event source would also grant what only a function that gives records back needs. */
  private poll({ batchSize, batchWindowSeconds = 0, maxConcurrency }: WorkerProps): void {
    this.queue.grant(this.function, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes')
    new EventSourceMapping(this, 'Poller', {
      target: this.function,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      ...(batchWindowSeconds > 0 ? { maxBatchingWindow: Duration.seconds(batchWindowSeconds) } : {}),
      maxConcurrency,
      reportBatchItemFailures: true,
    })
  }

  private watch({ name, ops, patienceMinutes }: WorkerProps): void {
    ops.watchDeadLetters(name, `A message for ${name} could not be processed`, this.deadLetters)
    ops.alarm(`${name}-errors`, `${name} failed as a whole: a crash, a timeout or a wrong setting.`, {
      metric: this.function.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 2,
    })
    ops.alarm(`${name}-age`, `A message waits for ${name} for more than ${patienceMinutes} minutes.`, {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
      threshold: patienceMinutes * 60,
    })
  }
}
