import { Duration } from 'aws-cdk-lib'
import { type DeadLetterQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/** SQS keeps nothing longer. */
const RETENTION = Duration.days(14)

const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: RETENTION }

/** Where lies what could not be delivered or processed, until a person looks. */
export const deadLetterQueue = (scope: Construct, id: string): Queue => new Queue(scope, id, common)

export type WorkQueueProps = {
  readonly visibilityTimeout: Duration
  readonly deadLetterQueue: DeadLetterQueue
}

export const workQueue = (scope: Construct, id: string, props: WorkQueueProps): Queue =>
  new Queue(scope, id, { ...common, ...props })
