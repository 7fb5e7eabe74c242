import * as client from '@aws-sdk/client-sns'
import { snsComplaints } from '../complaints.ts'
import { operationsOf } from '../protocol/shape.ts'
import type { Service } from '../service.ts'
import { topicHandlers } from './handlers.ts'
import type { Topics } from './state.ts'

/** @see https://docs.aws.amazon.com/sns/latest/api/welcome.html */
export function snsService(topics: Topics, account: string, arnOf: (name: string) => string): Service {
  return {
    name: 'sns',
    protocol: 'query',
    target: '',
    jsonVersion: '1.0',
    errorNamespace: '',
    xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    operations: operationsOf(client),
    handlers: topicHandlers(topics, account),
    complaints: snsComplaints,
    denied: { code: 'AuthorizationError', status: 403 },
    requires: (operation, input) => {
      const topicArn =
        input.TopicArn ?? input.TargetArn ?? (input.Name === undefined ? undefined : arnOf(String(input.Name)))
      const action = operation === 'PublishBatch' ? 'Publish' : operation
      return [{ action: `sns:${action}`, resource: String(topicArn ?? input.SubscriptionArn ?? '*') }]
    },
  }
}
