import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { describe, expect, test } from 'vitest'
import { queueHandlers } from '../../../local/aws/sqs/handlers.ts'
import { Queues } from '../../../local/aws/sqs/state.ts'
import { createClock } from '../../../local/clock.ts'
import { errorOf, withLocalAws } from './clients.ts'

describe('SQS over HTTP', () => {
  test('a queue is created, found, listed, described, emptied and deleted', () =>
    withLocalAws(async (aws, { sqs }) => {
      const dead = aws.sqs.create('app-dead')
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 })
      const Attributes = { VisibilityTimeout: '60', RedrivePolicy }
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'app', Attributes }))
      expect(QueueUrl).toBe(`${aws.url}/123456789012/app`)
      expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'app' }))).QueueUrl).toBe(QueueUrl)
      expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'app-' }))).QueueUrls).toEqual([dead.url])
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'y', DelaySeconds: 60 }))
      const described = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
      expect(described.Attributes).toMatchObject({
        QueueArn: 'arn:aws:sqs:ap-northeast-1:123456789012:app',
        ApproximateNumberOfMessages: '1',
        ApproximateNumberOfMessagesDelayed: '1',
        MaximumMessageSize: '1048576',
        RedrivePolicy,
        VisibilityTimeout: '60',
      })
      await sqs.send(new PurgeQueueCommand({ QueueUrl }))
      expect(aws.sqs.get('app')?.depth()).toEqual({ visible: 0, hidden: 0 })
      await sqs.send(new DeleteQueueCommand({ QueueUrl }))
      expect((await errorOf(sqs.send(new GetQueueUrlCommand({ QueueName: 'app' })))).name).toBe('QueueDoesNotExist')
    }))

  test('message attributes of every type pass through, and the client agrees with their MD5', () =>
    withLocalAws(async (aws, { sqs }) => {
      const QueueUrl = aws.sqs.create('in').url
      const MessageAttributes = {
        kind: { DataType: 'String', StringValue: 'vulnerabilities' },
        count: { DataType: 'Number.int', StringValue: '7' },
        raw: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
      }
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '世界 <&>', MessageAttributes }))
      const receive = { QueueUrl, MessageAttributeNames: ['All'], VisibilityTimeout: 0 }
      const { Messages } = await sqs.send(new ReceiveMessageCommand(receive))
      expect(Messages?.[0]).toMatchObject({ Body: '世界 <&>', MessageAttributes })
      const some = await sqs.send(new ReceiveMessageCommand({ ...receive, MessageAttributeNames: ['co.*', 'raw'] }))
      expect(Object.keys(some.Messages?.[0]?.MessageAttributes ?? {})).toEqual(['raw'])
    }))

  test('a batch answers entry by entry', () =>
    withLocalAws(async (aws, { sqs }) => {
      const queue = aws.sqs.create('in')
      const Entries = [
        { Id: 'good', MessageBody: 'x' },
        { Id: 'bad', MessageBody: 'a\u0001b' },
      ]
      const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }))
      expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['good'])
      expect(sent.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true }])
      const [message] = queue.receive(1)
      const deletes = [
        { Id: 'a', ReceiptHandle: message?.receiptHandle },
        { Id: 'b', ReceiptHandle: 'nonsense' },
      ]
      const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries: deletes }))
      expect(deleted.Failed).toMatchObject([{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }])
      expect(queue.depth()).toEqual({ visible: 0, hidden: 0 })
    }))

  test('a long poll ends with the first message', () =>
    withLocalAws(async (aws, { sqs }) => {
      const queue = aws.sqs.create('in')
      const arrived = Promise.withResolvers<void>()
      aws.authorize = () => {
        arrived.resolve()
        return { allowed: true }
      }
      const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 20 }))
      await arrived.promise
      await new Promise(setImmediate)
      expect(aws.calls).toEqual([])
      queue.send('came')
      expect((await polling).Messages?.[0]?.Body).toBe('came')
    }))

  test('a message that comes when the caller of a long poll has hung up stays visible', async () => {
    const around = {
      account: '123456789012',
      region: 'ap-northeast-1',
      clock: createClock(),
      url: () => 'http://local',
    }
    const queues = new Queues(around)
    const queue = queues.create('in')
    const hangUp = new AbortController()
    const input = { QueueUrl: queue.url, WaitTimeSeconds: 20 } as never
    const answer = queueHandlers(queues).ReceiveMessage?.(input, { accessKeyId: 'AKID', ended: hangUp.signal })
    hangUp.abort()
    queue.send('late')
    expect(await answer).toEqual({})
    expect(queue.depth()).toEqual({ visible: 1, hidden: 0 })
  })

  test('a long poll ends when the virtual clock jumps past its time', () =>
    withLocalAws(async (aws, { sqs }) => {
      const queue = aws.sqs.create('in')
      const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 20 }))
      let ended = false
      const done = polling.finally(() => {
        ended = true
      })
      while (!ended) {
        aws.clock.advanceTo(aws.clock.now() + 21_000)
        await new Promise(setImmediate)
      }
      expect((await done).Messages).toBeUndefined()
    }))

  test.each([
    ['a queue that is not there', 'QueueDoesNotExist', { QueueUrl: 'http://127.0.0.1/1/none', MessageBody: 'x' }],
    ['an empty body', 'MissingRequiredParameterException', { MessageBody: '' }],
    ['a character that SQS does not take', 'InvalidMessageContents', { MessageBody: '\u0000' }],
    ['a message of more than 1 MiB', 'InvalidParameterValueException', { MessageBody: 'x'.repeat(1_048_577) }],
    ['a delay of more than 15 minutes', 'InvalidParameterValueException', { MessageBody: 'x', DelaySeconds: 901 }],
    [
      'an attribute without a value',
      'InvalidParameterValueException',
      { MessageBody: 'x', MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
    ],
  ])('%s is refused', (_, name, input) =>
    withLocalAws(async (aws, { sqs }) => {
      const QueueUrl = aws.sqs.create('in').url
      expect((await errorOf(sqs.send(new SendMessageCommand({ QueueUrl, ...input })))).name).toBe(name)
    }),
  )

  test.each([
    ['QueueNameExists', { QueueName: 'in', Attributes: { VisibilityTimeout: '31' } }],
    ['InvalidAttributeName', { QueueName: 'new', Attributes: { Colour: 'red' } }],
    ['InvalidAttributeValue', { QueueName: 'new', Attributes: { VisibilityTimeout: 'soon' } }],
    ['InvalidAttributeValue', { QueueName: 'new', Attributes: { RedrivePolicy: '{' } }],
    [
      'InvalidParameterValueException',
      {
        QueueName: 'new',
        Attributes: { RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:a:1:no","maxReceiveCount":1}' },
      },
    ],
    ['InvalidParameterValueException', { QueueName: 'a queue' }],
    ['InvalidParameterValueException', { QueueName: 'new.fifo' }],
  ])('CreateQueue answers %s for %j', (name, input) =>
    withLocalAws(async (aws, { sqs }) => {
      aws.sqs.create('in', { VisibilityTimeout: '30' })
      expect((await errorOf(sqs.send(new CreateQueueCommand(input as { QueueName: string })))).name).toBe(name)
    }),
  )

  test('attributes can be changed while messages are in the queue', () =>
    withLocalAws(async (aws, { sqs }) => {
      const queue = aws.sqs.create('in')
      queue.send('x')
      const set = { QueueUrl: queue.url, Attributes: { VisibilityTimeout: '0' } }
      await sqs.send(new SetQueueAttributesCommand(set))
      queue.receive(1)
      expect(queue.depth().visible).toBe(1)
    }))

  test('a message that is not in flight cannot change its visibility, and deleting twice is no error', () =>
    withLocalAws(async (aws, { sqs }) => {
      const queue = aws.sqs.create('in')
      queue.send('x')
      const [message] = queue.receive(1)
      const named = { QueueUrl: queue.url, ReceiptHandle: message?.receiptHandle }
      await sqs.send(new DeleteMessageCommand(named))
      await sqs.send(new DeleteMessageCommand(named))
      const change = sqs.send(new ChangeMessageVisibilityCommand({ ...named, VisibilityTimeout: 1 }))
      expect((await errorOf(change)).name).toBe('MessageNotInflight')
    }))
})
