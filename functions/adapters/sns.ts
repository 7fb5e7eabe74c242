import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { toPublish } from '../domain/publish.ts'
import type { AlertSender } from '../scan-alert/ports.ts'
import { clientOptions } from './aws-client.ts'

/**
 * Alerts onto the SNS topic.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function snsAlerts(topicArn: string): AlertSender {
  const client = new SNSClient(clientOptions)
  return {
    async publish(alert) {
      const { message, subject, attributes } = toPublish(alert)
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Message: message,
          MessageStructure: 'json',
          Subject: subject,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
          ),
        }),
      )
    },
  }
}
