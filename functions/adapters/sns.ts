import type { AlertSender } from '../alert-sender.ts'
import { toPublish } from '../domain/publish.ts'
import type { SignedPost } from './signed-aws.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

/**
 * Alerts onto the SNS topic, in SNS's query protocol.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function snsAlerts(post: SignedPost, topicArn: string): AlertSender {
  return {
    async publish(alert) {
      const { message, subject, attributes } = toPublish(alert)
      const form = new URLSearchParams({
        Action: 'Publish',
        Version: '2010-03-31',
        TopicArn: topicArn,
        Message: message,
        MessageStructure: 'json',
        Subject: subject,
      })
      Object.entries(attributes).forEach(([name, value], index) => {
        const entry = `MessageAttributes.entry.${index + 1}`
        form.set(`${entry}.Name`, name)
        form.set(`${entry}.Value.DataType`, 'String')
        form.set(`${entry}.Value.StringValue`, value)
      })
      await post('sns', FORM, form.toString())
    },
  }
}
