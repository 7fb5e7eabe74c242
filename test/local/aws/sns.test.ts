import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { describe, expect, test } from 'vitest'
import type { LocalAws } from '../../../local/aws/server.ts'
import { errorOf, withLocalAws } from './clients.ts'

const HOSTILE = '<!-- & "世界" \' ]]> \t\r\n \u2028 😀'
const text = (StringValue: string) => ({ DataType: 'String', StringValue })

function wired(aws: LocalAws, options: { raw: boolean; filterPolicy?: object; filterPolicyScope?: string }) {
  const queue = aws.sqs.create('in')
  const topic = aws.sns.createTopic('alerts')
  const arn = aws.sns.subscribe(topic, { protocol: 'sqs', endpoint: queue.arn, ...options })
  return { queue, topic, arn }
}

describe('SNS over HTTP', () => {
  test('a raw subscription passes body and attributes on as they are', () =>
    withLocalAws(async (aws, { sns }) => {
      const { queue, topic } = wired(aws, { raw: true })
      const MessageAttributes = {
        severity: text('HIGH'),
        raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) },
      }
      await sns.send(new PublishCommand({ TopicArn: topic, Message: HOSTILE, MessageAttributes }))
      expect(queue.peek()[0]).toMatchObject({
        body: HOSTILE,
        messageAttributes: {
          severity: { dataType: 'String', stringValue: 'HIGH' },
          raw: { dataType: 'Binary', binaryValue: 'AQ==' },
        },
      })
    }))

  test('without raw delivery the message comes in an envelope', () =>
    withLocalAws(async (aws, { sns }) => {
      const { queue, topic } = wired(aws, { raw: false })
      const input = { TopicArn: topic, Message: 'm', Subject: 'A subject', MessageAttributes: { kind: text('v') } }
      const { MessageId } = await sns.send(new PublishCommand(input))
      const [message] = queue.peek()
      expect(message?.messageAttributes).toEqual({})
      expect(JSON.parse(message?.body ?? '')).toMatchObject({
        Type: 'Notification',
        MessageId,
        TopicArn: topic,
        Subject: 'A subject',
        Message: 'm',
        MessageAttributes: { kind: { Type: 'String', Value: 'v' } },
      })
    }))

  test('with MessageStructure json each protocol gets its own text', () =>
    withLocalAws(async (aws, { sns }) => {
      const { queue, topic } = wired(aws, { raw: true })
      const Message = JSON.stringify({ default: 'd', sqs: 'for the queue', email: 'for a person' })
      await sns.send(new PublishCommand({ TopicArn: topic, Message, MessageStructure: 'json' }))
      expect(queue.peek()[0]?.body).toBe('for the queue')
      expect(aws.sns.published()[0]).toMatchObject({ topicArn: topic, message: Message, messageStructure: 'json' })
    }))

  test('topics and subscriptions can be made, read and ended', () =>
    withLocalAws(async (aws, { sns }) => {
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }))
      const queue = aws.sqs.create('in')
      const subscribe = { TopicArn, Protocol: 'sqs', Endpoint: queue.arn, Attributes: { RawMessageDelivery: 'true' } }
      const { SubscriptionArn } = await sns.send(new SubscribeCommand(subscribe))
      const mail = { TopicArn, Protocol: 'email', Endpoint: 'team@example.com' }
      expect((await sns.send(new SubscribeCommand(mail))).SubscriptionArn).toBe('pending confirmation')
      expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }])
      const listed = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
      expect(listed.Subscriptions?.map((s) => [s.Protocol, s.SubscriptionArn])).toEqual([
        ['sqs', SubscriptionArn],
        ['email', 'PendingConfirmation'],
      ])
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }))
      expect(Attributes).toMatchObject({ SubscriptionsConfirmed: '1', SubscriptionsPending: '1' })
      const named = { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: '{"kind":["x"]}' }
      await sns.send(new SetSubscriptionAttributesCommand(named))
      const read = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
      expect(read.Attributes).toMatchObject({ FilterPolicy: '{"kind":["x"]}', RawMessageDelivery: 'true' })
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }))
      await sns.send(new PublishCommand({ TopicArn, Message: 'm', MessageAttributes: { kind: text('x') } }))
      expect(queue.depth().visible).toBe(0)
    }))

  test('what is written into XML comes out of it as it was', () =>
    withLocalAws(async (aws, { sns }) => {
      const { arn: SubscriptionArn } = wired(aws, { raw: true })
      const AttributeValue = JSON.stringify({ kind: ['<a b="c">&amp;\'😀</a>', ']]>'] }).replace(':', ':\r\n\t')
      await sns.send(
        new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue }),
      )
      const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
      expect(Attributes?.FilterPolicy).toBe(AttributeValue)
      const wrong = await errorOf(
        sns.send(new SubscribeCommand({ TopicArn: aws.sns.createTopic('alerts'), Protocol: '<b>&', Endpoint: 'x' })),
      )
      expect(wrong.message).toContain('<b>&')
    }))

  test('a batch answers entry by entry', () =>
    withLocalAws(async (aws, { sns }) => {
      const { queue, topic } = wired(aws, { raw: true })
      const PublishBatchRequestEntries = [
        { Id: '1', Message: 'a', MessageAttributes: { kind: text('x') } },
        { Id: '2', Message: 'b', Subject: 'line\nbreak' },
      ]
      const sent = await sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries }))
      expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['1'])
      expect(sent.Failed).toMatchObject([{ Id: '2', Code: 'InvalidParameter', SenderFault: true }])
      expect(queue.peek().map(({ body }) => body)).toEqual(['a'])
    }))

  test('when the queue of a subscription is gone, its dead-letter queue gets the message', () =>
    withLocalAws(async (aws, { sns }) => {
      const topic = aws.sns.createTopic('alerts')
      const dead = aws.sqs.create('dead')
      const endpoint = dead.arn.replace(/dead$/, 'gone')
      const redrivePolicy = { deadLetterTargetArn: dead.arn }
      aws.sns.subscribe(topic, { protocol: 'sqs', endpoint, raw: true, redrivePolicy })
      await sns.send(new PublishCommand({ TopicArn: topic, Message: 'm' }))
      expect(dead.peek().map(({ body }) => body)).toEqual(['m'])
    }))

  const refused: [string, string, Partial<PublishCommandInput>][] = [
    ['an unknown topic', 'NotFoundException', { TopicArn: 'arn:aws:sns:ap-northeast-1:123456789012:none' }],
    ['an empty message', 'InvalidParameterException', { Message: '' }],
    ['a subject that is not ASCII', 'InvalidParameterException', { Subject: '世界' }],
    ['a subject with a line break', 'InvalidParameterException', { Subject: 'a\nb' }],
    ['a subject of more than 100 characters', 'InvalidParameterException', { Subject: 'x'.repeat(101) }],
    ['a message of more than 256 KiB', 'InvalidParameterException', { Message: 'x'.repeat(262_145) }],
    ['a structure that is not JSON', 'InvalidParameterException', { MessageStructure: 'json', Message: 'x' }],
    [
      'a structure without a default',
      'InvalidParameterException',
      { MessageStructure: 'json', Message: '{"sqs":"x"}' },
    ],
    ['an attribute without a value', 'InvalidParameterValueException', { MessageAttributes: { a: text('') } }],
  ]
  test.each(refused)('%s is refused with %s', (_, name, input) =>
    withLocalAws(async (aws, { sns }) => {
      const { topic } = wired(aws, { raw: true })
      const call = sns.send(new PublishCommand({ TopicArn: topic, Message: 'm', ...input }))
      expect((await errorOf(call)).name).toBe(name)
      expect(aws.sns.published()).toEqual([])
    }),
  )
})

describe('filter policies', () => {
  const number = { DataType: 'Number', StringValue: '8.5' }
  const list = { DataType: 'String.Array', StringValue: '["a","b"]' }
  const cases: [object, Record<string, { DataType: string; StringValue: string }>, boolean][] = [
    [{ kind: ['vulnerabilities'] }, { kind: text('vulnerabilities') }, true],
    [{ kind: ['vulnerabilities'] }, { kind: text('scan-failed') }, false],
    [{ kind: ['vulnerabilities'] }, {}, false],
    [{ kind: ['a', 'b'], severity: ['HIGH'] }, { kind: text('b'), severity: text('HIGH') }, true],
    [{ kind: ['a', 'b'], severity: ['HIGH'] }, { kind: text('b'), severity: text('LOW') }, false],
    [{ repository: [{ prefix: 'prod/' }] }, { repository: text('prod/app') }, true],
    [{ repository: [{ suffix: '/app' }] }, { repository: text('prod/api') }, false],
    [{ kind: [{ 'anything-but': ['scan-failed'] }] }, { kind: text('scan-failed') }, false],
    [{ kind: [{ 'anything-but': { prefix: 'scan' } }] }, { kind: text('vulnerabilities') }, true],
    [{ score: [{ numeric: ['>=', 7, '<', 9] }] }, { score: number }, true],
    [{ score: [{ numeric: ['>', 9] }] }, { score: number }, false],
    [{ owner: [{ exists: false }] }, {}, true],
    [{ owner: [{ exists: true }] }, {}, false],
    [{ names: ['b'] }, { names: list }, true],
    [{ kind: [{ 'equals-ignore-case': 'HIGH' }] }, { kind: text('high') }, true],
    [{ $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: text('2') }, true],
    [{ kind: [{ 'some-new-condition': 'x' }] }, { kind: text('x') }, false],
  ]
  test.each(cases)('%j on attributes %j: delivered %s', (filterPolicy, MessageAttributes, delivered) =>
    withLocalAws(async (aws, { sns }) => {
      const { queue, topic } = wired(aws, { raw: true, filterPolicy })
      await sns.send(new PublishCommand({ TopicArn: topic, Message: 'm', MessageAttributes }))
      expect(queue.depth().visible).toBe(delivered ? 1 : 0)
    }),
  )

  test.each([
    [{ kind: ['v'] }, '{"kind":"v"}', true],
    [{ subject: { repository: [{ prefix: 'prod/' }] } }, '{"subject":{"repository":"prod/a"}}', true],
    [{ subject: { repository: [{ prefix: 'prod/' }] } }, '{"subject":{"repository":"dev/a"}}', false],
    [{ tags: ['latest'] }, '{"tags":["v1","latest"]}', true],
    [{ kind: ['v'] }, 'not JSON', false],
    [{ constructor: [{ exists: true }] }, '{}', false],
  ])('%j on the body %s: delivered %s', (filterPolicy, Message, delivered) =>
    withLocalAws(async (aws, { sns }) => {
      const { queue, topic } = wired(aws, { raw: true, filterPolicy, filterPolicyScope: 'MessageBody' })
      await sns.send(new PublishCommand({ TopicArn: topic, Message }))
      expect(queue.depth().visible).toBe(delivered ? 1 : 0)
    }),
  )
})
