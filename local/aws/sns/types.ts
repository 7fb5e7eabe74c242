import type { QueueMessage } from '../queue.ts'

export type Subscription = {
  arn: string
  topicArn: string
  protocol: string
  endpoint: string
  attributes: Record<string, string>
}

export type Publication = {
  topicArn: string
  message: string
  subject?: string
  messageStructure?: string
  attributes: QueueMessage['messageAttributes']
}

/** A publication and its instant in ms. */
export type Published = Publication & { at: number }
