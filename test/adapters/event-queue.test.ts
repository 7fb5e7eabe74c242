import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventQueue, eventQueues } from '../../functions/adapters/event-queue.ts'
import { type AwsCall, signedAws } from '../../functions/adapters/signed-aws.ts'
import { Unreadable } from '../../functions/faults.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from './env.ts'

let aws: LocalAws
beforeEach(async () => {
  aws = await startLocalAws()
})
afterEach(() => aws.close())

const events = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `sweep-${at}`, tag: 'ü "x"' }))

describe('a queue of events', () => {
  test('takes them ten at a time, each as a message of its own', async () => {
    const queue = aws.sqs.create('scan-alert')
    await eventQueue(signedAws(envOf(aws)), queue.url).send(events(23))
    expect(queue.peek().map(({ body }) => JSON.parse(body))).toEqual(events(23))
    expect(aws.calls.map(({ operation }) => operation)).toEqual(Array(3).fill('SendMessageBatch'))
  })

  test('is there for each address that is there', async () => {
    const { url, peek } = aws.sqs.create('watch')
    const { changes, pushes } = eventQueues(signedAws(envOf(aws)), { changes: url, pushes: undefined })
    await changes?.send(events(1))
    expect([peek().length, pushes]).toEqual([1, undefined])
  })

  test('is not called for nothing', async () => {
    await eventQueue(signedAws(envOf(aws)), aws.sqs.create('scan-alert').url).send([])
    expect(aws.calls).toEqual([])
  })

  test('says what SQS refuses', async () => {
    const gone = aws.sqs.create('gone').url.replace('gone', 'nowhere')
    const sending = eventQueue(signedAws(envOf(aws)), gone).send(events(1))
    await expect(sending).rejects.toThrow(/^SQS answered .+ to SendMessageBatch$/)
    await expect(sending).rejects.toBeInstanceOf(Unreadable)
  })

  test('gets again what it did not take, and only that', async () => {
    const calls: (readonly string[])[] = []
    const refusing = (times: number): AwsCall => {
      return async (_, __, input) => {
        const entries = input.Entries as readonly { readonly Id: string; readonly MessageBody: string }[]
        calls.push(entries.map(({ MessageBody }) => JSON.parse(MessageBody).id))
        const failed = entries.filter(({ MessageBody }) => MessageBody.includes('sweep-1"'))
        return calls.length > times ? {} : { Failed: failed.map(({ Id }) => ({ Id, Code: 'InternalError' })) }
      }
    }
    await eventQueue(refusing(1), 'https://queue').send(events(3))
    expect(calls).toEqual([['sweep-0', 'sweep-1', 'sweep-2'], ['sweep-1']])

    calls.length = 0
    await expect(eventQueue(refusing(9), 'https://queue').send(events(3))).rejects.toThrow(
      'SQS did not take 1 of 1 messages: InternalError',
    )
    expect(calls).toHaveLength(3)
  })

  test('lets a fault of ours be one', async () => {
    const broken: AwsCall = () => Promise.reject(new TypeError('a fault of ours'))
    await expect(eventQueue(broken, 'https://queue').send(events(1))).rejects.toThrow(TypeError)
  })
})
