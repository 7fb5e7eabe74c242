import { Duration } from 'aws-cdk-lib'
import { type DeadLetterQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { acknowledge } from './nag.ts'

/** SQS keeps nothing longer. */
const RETENTION = Duration.days(14)

const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: RETENTION }

/** Where lies what could not be delivered or processed, until a person looks. */
export function deadLetterQueue(scope: Construct, id: string): Queue {
  const queue = new Queue(scope, id, common)
  acknowledge(queue, 'SQS3', 'It is a dead-letter queue itself: of a worker, a rule target or a subscription.')
  return queue
}

export type WorkQueueProps = {
  readonly visibilityTimeout: Duration
  readonly deadLetterQueue: DeadLetterQueue
}

export const workQueue = (scope: Construct, id: string, props: WorkQueueProps): Queue =>
  new Queue(scope, id, { ...common, ...props })
