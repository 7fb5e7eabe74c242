import type * as sns from '@aws-sdk/client-sns'
import { AwsError } from '../error.ts'
import type { QueueMessage } from '../queue.ts'
import type { Handler } from '../service.ts'
import type { Topics } from './state.ts'
import type { Publication, Subscription } from './types.ts'

const MOST_BYTES = 262_144
const MOST_ENTRIES = 10
// Printable ASCII, no line break, beginning with a letter, a digit or a mark.
const SUBJECT = /^[\u0021-\u007e][\u0020-\u007e]{0,99}$/

type Message = Pick<sns.PublishInput, 'Message' | 'Subject' | 'MessageStructure' | 'MessageAttributes'>

const invalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`)

const toAttributes = (given: Message['MessageAttributes'] = {}): QueueMessage['messageAttributes'] =>
  Object.fromEntries(
    Object.entries(given).map(([name, { DataType, StringValue, BinaryValue }]) => {
      if (!DataType || !/^(String|Number|Binary)(\..+)?$/.test(DataType))
        throw new AwsError(
          'ParameterValueInvalid',
          `The message attribute '${name}' has an invalid message attribute type.`,
        )
      if (!StringValue && !BinaryValue?.length)
        throw new AwsError(
          'ParameterValueInvalid',
          `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
        )
      const value = BinaryValue
        ? { binaryValue: Buffer.from(BinaryValue).toString('base64') }
        : { stringValue: StringValue }
      return [name, { dataType: DataType, ...value }]
    }),
  )

function checkStructure({ Message = '', MessageStructure }: Message): void {
  if (MessageStructure === undefined) return
  if (MessageStructure !== 'json') throw invalid('MessageStructure')
  let bodies: unknown
  try {
    bodies = JSON.parse(Message)
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse')
  }
  const isObject = typeof bodies === 'object' && bodies !== null && !Array.isArray(bodies)
  if (!isObject || typeof (bodies as { default?: unknown }).default !== 'string')
    throw invalid('Message Structure - No default entry in JSON message body')
}

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
function toPublication(topicArn: string, given: Message): Publication {
  const { Message = '', Subject, MessageStructure } = given
  if (Message === '') throw invalid('Empty message')
  if (Subject !== undefined && !SUBJECT.test(Subject)) throw invalid('Subject')
  const attributes = toAttributes(given.MessageAttributes)
  const named = Object.entries(attributes).map(
    ([name, a]) => name + a.dataType + (a.stringValue ?? a.binaryValue ?? ''),
  )
  if (Buffer.byteLength(Message) + Buffer.byteLength(named.join('')) > MOST_BYTES) throw invalid('Message too long')
  checkStructure(given)
  return { topicArn, message: Message, subject: Subject, messageStructure: MessageStructure, attributes }
}

function publishBatch(topics: Topics, { TopicArn = '', PublishBatchRequestEntries = [] }: sns.PublishBatchInput) {
  topics.need(TopicArn)
  const ids = PublishBatchRequestEntries.map(({ Id }) => Id ?? '')
  if (ids.length === 0) throw new AwsError('EmptyBatchRequest', 'The batch request does not contain any entries.')
  if (ids.length > MOST_ENTRIES)
    throw new AwsError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.')
  if (new Set(ids).size < ids.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.')
  const Successful: sns.PublishBatchResultEntry[] = []
  const Failed: sns.BatchResultErrorEntry[] = []
  for (const entry of PublishBatchRequestEntries) {
    try {
      Successful.push({ Id: entry.Id, MessageId: topics.publish(toPublication(TopicArn, entry)) })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true })
    }
  }
  return { Successful, Failed }
}

const summary =
  (account: string) =>
  ({ arn, topicArn, protocol, endpoint }: Subscription): sns.Subscription => ({
    SubscriptionArn: protocol === 'sqs' ? arn : 'PendingConfirmation',
    Owner: account,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  })

/** Topics and their subscriptions. */
export function topicHandlers(topics: Topics, account: string): Record<string, Handler> {
  const summarise = summary(account)
  return {
    CreateTopic: ({ Name = '', Attributes }: sns.CreateTopicInput) => ({
      TopicArn: topics.createTopic(Name, Attributes),
    }),
    DeleteTopic: ({ TopicArn = '' }: sns.DeleteTopicInput) => topics.deleteTopic(TopicArn),
    ListTopics: () => ({ Topics: topics.topics().map((TopicArn) => ({ TopicArn })) }),
    GetTopicAttributes: ({ TopicArn = '' }: sns.GetTopicAttributesInput) => ({
      Attributes: topics.attributesOf(TopicArn),
    }),
    Subscribe: ({
      TopicArn = '',
      Protocol = '',
      Endpoint = '',
      Attributes = {},
      ReturnSubscriptionArn,
    }: sns.SubscribeInput) => {
      const arn = topics.addSubscription(TopicArn, Protocol, Endpoint, Attributes)
      // What a person or an endpoint has to confirm stays pending here: nobody answers.
      return { SubscriptionArn: Protocol === 'sqs' || ReturnSubscriptionArn ? arn : 'pending confirmation' }
    },
    Unsubscribe: ({ SubscriptionArn = '' }: sns.UnsubscribeInput) => topics.unsubscribe(SubscriptionArn),
    SetSubscriptionAttributes: ({
      SubscriptionArn = '',
      AttributeName = '',
      AttributeValue = '',
    }: sns.SetSubscriptionAttributesInput) =>
      topics.setSubscriptionAttribute(SubscriptionArn, AttributeName, AttributeValue),
    GetSubscriptionAttributes: ({ SubscriptionArn = '' }: sns.GetSubscriptionAttributesInput) => {
      const subscription = topics.subscription(SubscriptionArn)
      const { Owner = '', Protocol = '', Endpoint = '', TopicArn = '' } = summarise(subscription)
      return { Attributes: { SubscriptionArn, Owner, Protocol, Endpoint, TopicArn, ...subscription.attributes } }
    },
    ListSubscriptions: () => ({ Subscriptions: topics.subscriptions().map(summarise) }),
    ListSubscriptionsByTopic: ({ TopicArn = '' }: sns.ListSubscriptionsByTopicInput) => ({
      Subscriptions: topics.subscriptions(TopicArn).map(summarise),
    }),
    Publish: ({ TopicArn, TargetArn, ...message }: sns.PublishInput) => {
      const arn = TopicArn ?? TargetArn
      if (arn === undefined) throw invalid('TopicArn or TargetArn Reason: no value for required parameter')
      topics.need(arn)
      return { MessageId: topics.publish(toPublication(arn, message)) }
    },
    PublishBatch: (input: sns.PublishBatchInput) => publishBatch(topics, input),
  }
}
