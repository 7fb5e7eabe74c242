import { describe, expect, onTestFinished, test } from 'vitest'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { messageFilter } from '../../../local/runtime/events/filter.ts'
import type { SqsRecord } from '../../../local/runtime/events/sqs-event.ts'
import { type BatchDone, type Mapping, MOST_RECEIVES, Poller } from '../../../local/runtime/poller.ts'
import { Settlement } from '../../../local/runtime/settle.ts'
import { START } from './deployed.ts'

type Answer = { response?: string; error?: { type: string; message: string } }
type Handler = (records: SqsRecord[]) => Answer | Promise<Answer>

const OK: Answer = { response: 'null' }
const failed = (records: readonly SqsRecord[]): Answer => ({
  response: JSON.stringify({ batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })) }),
})
const minutes = (aws: LocalAws): number => Math.floor((aws.clock.now() - START) / 60_000)
const nothingTimed = { nextAt: () => undefined, start: () => undefined }

async function start(): Promise<LocalAws> {
  const aws = await startLocalAws({ clock: createClock(START) })
  onTestFinished(() => aws.close())
  return aws
}

/** A queue with dead letters and a handler in this process. */
function polled(aws: LocalAws, handler: Handler, mapping: Partial<Mapping> = {}, attributes = {}) {
  const dead = aws.sqs.create('dead')
  const redrive = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 10 })
  const queue = aws.sqs.create('work', { VisibilityTimeout: '360', RedrivePolicy: redrive, ...attributes })
  const done: BatchDone[] = []
  const poller = new Poller(
    {
      queue,
      invoke: async (payload) => {
        const answer = await handler(JSON.parse(payload).Records)
        return { requestId: 'r', logs: [], durationMs: 0, ...answer }
      },
      batchSize: 10,
      gathers: false,
      maxConcurrency: 2,
      reportsFailures: true,
      filter: () => true,
      ...mapping,
    },
    (batch) => done.push(batch),
  )
  return { queue, dead, done, poller, settlement: new Settlement([poller], nothingTimed, aws.clock) }
}

describe('from a queue to a function', () => {
  test('what succeeds is deleted, in batches of the batch size', async () => {
    const aws = await start()
    const { queue, done, settlement } = polled(aws, () => OK)
    for (let i = 0; i < 25; i++) queue.send(String(i))
    await settlement.run()
    expect(done.map(({ records }) => records.length)).toEqual([10, 10, 5])
    expect(queue.depth()).toEqual({ visible: 0, hidden: 0 })
  })

  test('only the messages that failed come back, when their visibility ends', async () => {
    const aws = await start()
    const tries = new Map<string, number>()
    const { queue, settlement, dead } = polled(aws, (records) => {
      for (const { body } of records) tries.set(body, (tries.get(body) ?? 0) + 1)
      return failed(records.filter(({ body }) => body === 'bad' && (tries.get(body) ?? 0) < 3))
    })
    for (const body of ['good', 'bad', 'fine']) queue.send(body)
    await settlement.run()
    expect(Object.fromEntries(tries)).toEqual({ good: 1, bad: 3, fine: 1 })
    expect(minutes(aws)).toBe(12)
    expect(dead.depth().visible).toBe(0)
  })

  test('ten tries of six minutes take an hour of the clock, and then the message is a dead letter', async () => {
    const aws = await start()
    const { queue, dead, done, settlement } = polled(aws, failed)
    queue.send('poison')
    await settlement.run()
    expect(done).toHaveLength(10)
    expect(minutes(aws)).toBe(60)
    expect(dead.peek().map(({ body }) => body)).toEqual(['poison'])
  })

  test('a function that throws fails the whole batch', async () => {
    const aws = await start()
    let calls = 0
    const { queue, done, settlement } = polled(aws, () => {
      calls += 1
      return calls === 1 ? { error: { type: 'Error', message: 'no' } } : OK
    })
    for (const body of ['a', 'b']) queue.send(body)
    await settlement.run()
    expect(done[0]?.failures).toHaveLength(2)
    expect(done.flatMap(({ records }) => records)).toHaveLength(4)
  })

  test('without ReportBatchItemFailures the answer does not matter', async () => {
    const aws = await start()
    const { queue, done, settlement } = polled(aws, failed, { reportsFailures: false })
    queue.send('a')
    await settlement.run()
    expect(done).toHaveLength(1)
    expect(queue.depth()).toEqual({ visible: 0, hidden: 0 })
  })

  test('an answer that cannot be understood fails the whole batch and says why', async () => {
    const aws = await start()
    const { queue, done, settlement } = polled(aws, ([record]) =>
      record?.attributes.ApproximateReceiveCount === '1'
        ? { response: '{"batchItemFailures":[{"itemIdentifier":""}]}' }
        : OK,
    )
    queue.send('a')
    await settlement.run()
    expect(done.map(({ problem }) => problem)).toEqual(['an item has no itemIdentifier', undefined])
  })

  test('the visibility that the function has set for a failed message holds', async () => {
    const aws = await start()
    const { queue, settlement } = polled(aws, (records) => {
      const [record] = records
      if (record?.attributes.ApproximateReceiveCount !== '1') return OK
      queue.changeVisibility(record.receiptHandle, 45 * 60)
      return failed(records)
    })
    queue.send('later')
    await settlement.run()
    expect(minutes(aws)).toBe(45)
  })

  test('no more invocations at once than the maximum, and as many as that', async () => {
    const aws = await start()
    let [running, most] = [0, 0]
    const { queue, settlement } = polled(
      aws,
      async () => {
        most = Math.max(most, ++running)
        await new Promise(setImmediate)
        running -= 1
        return OK
      },
      { batchSize: 1, maxConcurrency: 3 },
    )
    for (let i = 0; i < 20; i++) queue.send('x')
    await settlement.run()
    expect(most).toBe(3)
  })

  test('a batching window gathers while other work may still add to it', async () => {
    const aws = await start()
    const batches: number[] = []
    const next = aws.sqs.create('next')
    const first = polled(
      aws,
      async (records) => {
        await new Promise(setImmediate)
        for (const { body } of records) next.send(body)
        return OK
      },
      { batchSize: 1 },
    )
    const second = new Poller(
      {
        ...first.poller.mapping,
        queue: next,
        batchSize: 100,
        gathers: true,
        invoke: async (payload) => {
          batches.push(JSON.parse(payload).Records.length)
          return { requestId: 'r', logs: [], durationMs: 0, response: 'null' }
        },
      },
      () => undefined,
    )
    for (let i = 0; i < 120; i++) first.queue.send(String(i))
    await new Settlement([first.poller, second], nothingTimed, aws.clock).run()
    expect(batches).toEqual([100, 20])
  })

  test('a payload stays within the six megabytes that Lambda takes', async () => {
    const aws = await start()
    const sizes: number[] = []
    const { queue, settlement } = polled(
      aws,
      (records) => {
        sizes.push(JSON.stringify({ Records: records }).length)
        return OK
      },
      { batchSize: 100, gathers: true },
    )
    for (let i = 0; i < 30; i++) queue.send('x'.repeat(250_000))
    await settlement.run()
    expect(sizes).toHaveLength(2)
    expect(Math.max(...sizes)).toBeLessThan(6 * 1024 * 1024)
    expect(queue.depth()).toEqual({ visible: 0, hidden: 0 })
  })

  test('message attributes reach the function as Lambda shapes them', async () => {
    const aws = await start()
    const { queue, done, settlement } = polled(aws, () => OK)
    queue.send('x', { messageAttributes: { kind: { dataType: 'String', stringValue: 'scan' } } })
    await settlement.run()
    expect(done[0]?.records[0]).toMatchObject({
      messageAttributes: {
        kind: { dataType: 'String', stringValue: 'scan', stringListValues: [], binaryListValues: [] },
      },
    })
  })

  test('a filter drops messages without an invocation', async () => {
    const aws = await start()
    const filter = messageFilter(['{"body":{"kind":["scan"]}}'])
    const { queue, done, settlement } = polled(aws, () => OK, { filter })
    for (const body of ['{"kind":"scan"}', '{"kind":"push"}', 'text']) queue.send(body)
    await settlement.run()
    expect(done.flatMap(({ records }) => records)).toMatchObject([{ body: '{"kind":"scan"}' }])
    expect(queue.depth()).toEqual({ visible: 0, hidden: 0 })
  })
})

describe('work without end', () => {
  test('a message that nothing takes away is given up with the name of its queue', async () => {
    const aws = await start()
    const queue = aws.sqs.create('endless', { VisibilityTimeout: '0', MessageRetentionPeriod: '1209600' })
    const { poller } = polled(aws, failed)
    const endless = new Poller({ ...poller.mapping, queue }, () => undefined)
    queue.send('x')
    await expect(new Settlement([endless], nothingTimed, aws.clock).run()).rejects.toThrow(
      `of endless has failed ${MOST_RECEIVES} times: give the queue a redrive policy`,
    )
  })

  test('functions that feed each other for ever are stopped', async () => {
    const aws = await start()
    const { queue, poller } = polled(aws, () => {
      queue.send('again')
      return OK
    })
    queue.send('first')
    const settlement = new Settlement([poller], nothingTimed, aws.clock, 50)
    await expect(settlement.run()).rejects.toThrow('invoked 50 times without coming to rest')
  })
})
