import * as client from '@aws-sdk/client-sqs'
import { sqsComplaints } from '../complaints.ts'
import { operationsOf, queryErrorsOf } from '../protocol/shape.ts'
import type { Service } from '../service.ts'
import { batchHandlers } from './batch.ts'
import { queueHandlers } from './handlers.ts'
import type { Queues } from './state.ts'

const ACTIONS: Record<string, string> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html */
export function sqsService(queues: Queues, arnOf: (name: string) => string): Service {
  return {
    name: 'sqs',
    protocol: 'json',
    target: 'AmazonSQS',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.sqs',
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    queryErrors: queryErrorsOf(client),
    operations: operationsOf(client),
    handlers: { ...queueHandlers(queues), ...batchHandlers(queues) },
    complaints: sqsComplaints,
    denied: { code: 'AccessDeniedException', status: 403 },
    requires: (operation, input) => {
      const name = String(input.QueueUrl ?? input.QueueName ?? '')
        .split('/')
        .at(-1)
      return [{ action: `sqs:${ACTIONS[operation] ?? operation}`, resource: name ? arnOf(name) : '*' }]
    },
  }
}
