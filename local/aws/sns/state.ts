import { randomUUID } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { Surroundings } from '../service.ts'
import type { Queues } from '../sqs/state.ts'
import { deliver } from './deliver.ts'
import { matches } from './filter.ts'
import type { Publication, Published, Subscription } from './types.ts'

export type { Published } from './types.ts'

export type SnsState = {
  /** Returns the ARN; an existing topic is no error. */
  createTopic(name: string): string
  /** Returns the ARN of the subscription. @throws AwsError NotFound, InvalidParameter */
  subscribe(
    topicArn: string,
    subscription: {
      protocol: 'sqs'
      /** ARN of the queue */
      endpoint: string
      raw: boolean
      filterPolicy?: object
      filterPolicyScope?: string
      redrivePolicy?: object
    },
  ): string
  /** Everything that was published, oldest first. */
  published(): readonly Published[]
}

type Topic = { arn: string; attributes: Record<string, string>; subscriptions: Map<string, Subscription> }

const NAME = /^[A-Za-z0-9_-]{1,256}$/
const PROTOCOLS = ['sqs', 'email', 'email-json', 'https', 'http', 'lambda', 'sms', 'firehose', 'application']

const invalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`)
const text = (value: object | undefined): string | undefined => (value ? JSON.stringify(value) : undefined)

/** The topics of the account and region, their subscriptions, and the delivery to queues. */
export class Topics implements SnsState {
  readonly #topics = new Map<string, Topic>()
  readonly #published: Published[] = []
  readonly #around: Surroundings
  readonly #queues: Queues

  constructor(around: Surroundings, queues: Queues) {
    this.#around = around
    this.#queues = queues
  }

  createTopic(name: string, attributes: Record<string, string> = {}): string {
    if (!NAME.test(name)) throw invalid('Topic Name')
    const arn = `arn:aws:sns:${this.#around.region}:${this.#around.account}:${name}`
    if (!this.#topics.has(arn)) this.#topics.set(arn, { arn, attributes, subscriptions: new Map() })
    return arn
  }

  deleteTopic(arn: string): void {
    this.#topics.delete(arn)
  }

  subscribe(topicArn: string, given: Parameters<SnsState['subscribe']>[1]): string {
    return this.addSubscription(topicArn, given.protocol, given.endpoint, {
      RawMessageDelivery: String(given.raw),
      FilterPolicy: text(given.filterPolicy),
      FilterPolicyScope: given.filterPolicyScope,
      RedrivePolicy: text(given.redrivePolicy),
    })
  }

  addSubscription(
    topicArn: string,
    protocol: string,
    endpoint: string,
    attributes: Record<string, string | undefined>,
  ): string {
    const topic = this.need(topicArn)
    if (!PROTOCOLS.includes(protocol)) throw invalid(`Does not support this protocol string: ${protocol}`)
    if (protocol === 'sqs' && !endpoint.startsWith('arn:aws:sqs:')) throw invalid('SQS endpoint ARN')
    const present = [...topic.subscriptions.values()].find((s) => s.protocol === protocol && s.endpoint === endpoint)
    if (present) return present.arn
    const arn = `${topicArn}:${randomUUID()}`
    const subscription: Subscription = { arn, topicArn, protocol, endpoint, attributes: {} }
    for (const [name, value] of Object.entries(attributes))
      if (value !== undefined) setAttribute(subscription, name, value)
    topic.subscriptions.set(arn, subscription)
    return arn
  }

  setSubscriptionAttribute(arn: string, name: string, value: string): void {
    setAttribute(this.subscription(arn), name, value)
  }

  unsubscribe(arn: string): void {
    for (const topic of this.#topics.values()) topic.subscriptions.delete(arn)
  }

  /** Returns the message id. @throws AwsError NotFound */
  publish(publication: Publication): string {
    const topic = this.need(publication.topicArn)
    const messageId = randomUUID()
    const { topicArn, message, subject, messageStructure, attributes } = publication
    const at = this.#around.clock.now()
    this.#published.push({ topicArn, message, subject, messageStructure, attributes, at })
    for (const subscription of topic.subscriptions.values()) {
      if (subscription.protocol !== 'sqs' || !matches(subscription, publication)) continue
      deliver(this.#queues, subscription, publication, { messageId, at, url: this.#around.url() })
    }
    return messageId
  }

  published(): readonly Published[] {
    return this.#published
  }

  topics(): readonly string[] {
    return [...this.#topics.keys()]
  }

  attributesOf(arn: string): Record<string, string> {
    const topic = this.need(arn)
    const confirmed = [...topic.subscriptions.values()].filter(({ protocol }) => protocol === 'sqs').length
    return {
      TopicArn: arn,
      Owner: this.#around.account,
      DisplayName: '',
      SubscriptionsConfirmed: String(confirmed),
      SubscriptionsPending: String(topic.subscriptions.size - confirmed),
      SubscriptionsDeleted: '0',
      ...topic.attributes,
    }
  }

  subscriptions(topicArn?: string): readonly Subscription[] {
    const topics = topicArn === undefined ? [...this.#topics.values()] : [this.need(topicArn)]
    return topics.flatMap((topic) => [...topic.subscriptions.values()])
  }

  /** @throws AwsError NotFound */
  subscription(arn: string): Subscription {
    const found = this.subscriptions().find((subscription) => subscription.arn === arn)
    if (!found) throw new AwsError('NotFound', 'Subscription does not exist', 404)
    return found
  }

  /** @throws AwsError NotFound */
  need(arn: string): Topic {
    const topic = this.#topics.get(arn)
    if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404)
    return topic
  }
}

const JSON_ATTRIBUTES = new Set(['FilterPolicy', 'RedrivePolicy', 'DeliveryPolicy'])

function setAttribute(subscription: Subscription, name: string, value: string): void {
  const isJson = JSON_ATTRIBUTES.has(name)
  if (!isJson && !['RawMessageDelivery', 'FilterPolicyScope', 'SubscriptionRoleArn'].includes(name))
    throw invalid('AttributeName')
  if (name === 'RawMessageDelivery' && !/^(true|false)$/i.test(value))
    throw invalid(`Attributes Reason: RawMessageDelivery: Invalid value [${value}]. Must be true or false.`)
  if (name === 'FilterPolicyScope' && !['MessageAttributes', 'MessageBody'].includes(value))
    throw invalid(`FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`)
  if (isJson && value !== '') {
    try {
      JSON.parse(value)
    } catch {
      throw invalid(`${name}: failed to parse JSON.`)
    }
  }
  subscription.attributes[name] = value
}
