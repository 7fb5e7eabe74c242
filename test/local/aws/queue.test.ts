import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createQueue, type QueueSettings, type StoredQueue } from '../../../local/aws/queue.ts'
import type { Clock } from '../../../local/clock.ts'

const START = Date.parse('2026-03-01T00:00:00Z')
const SETTINGS: QueueSettings = {
  visibilityTimeoutSeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 345_600,
  waitSeconds: 0,
  maximumMessageBytes: 1_048_576,
}

/** A clock that stands still, so that a test says exactly what time it is. */
const stillClock = (): Clock => {
  let now = START
  return {
    now: () => now,
    offset: 0,
    advanceTo: (instant) => {
      now = Math.max(now, instant)
    },
    set: (instant) => {
      now = instant
    },
  }
}

type Pair = { clock: Clock; queue: StoredQueue; dead: StoredQueue; pass(seconds: number): void }

function pair(settings: Partial<QueueSettings> = {}): Pair {
  const clock = stillClock()
  const named = (name: string, own: QueueSettings, deadLetterQueue: (arn: string) => StoredQueue | undefined) =>
    createQueue({
      name,
      arn: `arn:${name}`,
      url: `http://${name}`,
      settings: own,
      clock,
      accountId: '1',
      deadLetterQueue,
    })
  const dead = named('dead', { ...SETTINGS, retentionSeconds: 1_209_600 }, () => undefined)
  const queue = named('main', { ...SETTINGS, ...settings }, () => dead)
  return { clock, queue, dead, pass: (seconds) => clock.advanceTo(clock.now() + seconds * 1000) }
}

describe('a queue', () => {
  test('hides what it hands out for the visibility timeout and counts the receives', () => {
    const { queue, pass } = pair()
    queue.send('a')
    expect(queue.receive(10)[0]?.attributes.ApproximateReceiveCount).toBe('1')
    expect(queue.receive(10)).toEqual([])
    pass(29)
    expect(queue.receive(10)).toEqual([])
    pass(1)
    expect(queue.receive(10)[0]?.attributes.ApproximateReceiveCount).toBe('2')
  })

  test('keeps a delayed message back and says when it comes', () => {
    const { queue, clock, pass } = pair()
    queue.send('later', { delaySeconds: 90 })
    expect(queue.nextVisibleAt()).toBe(START + 90_000)
    expect(queue.receive(1)).toEqual([])
    expect(queue.delayed()).toBe(1)
    pass(90)
    expect(queue.nextVisibleAt()).toBe(clock.now())
    expect(queue.receive(1)[0]?.body).toBe('later')
  })

  test('moves a message to the dead-letter queue after maxReceiveCount receives, with its id and age', () => {
    const { queue, dead, pass } = pair({ redrive: { deadLetterTargetArn: 'arn:dead', maxReceiveCount: 2 } })
    const id = queue.send('poison')
    for (const _ of [1, 2]) {
      expect(queue.receive(1)).toHaveLength(1)
      pass(30)
    }
    expect(queue.receive(1)).toEqual([])
    expect(queue.depth()).toEqual({ visible: 0, hidden: 0 })
    expect(dead.peek()[0]).toMatchObject({
      messageId: id,
      body: 'poison',
      attributes: { DeadLetterQueueSourceArn: 'arn:main', SentTimestamp: String(START) },
    })
  })

  test('drops what is older than the retention period', () => {
    const { queue, pass } = pair({ retentionSeconds: 60 })
    queue.send('old')
    pass(40)
    queue.send('young')
    pass(21)
    expect(queue.peek().map(({ body }) => body)).toEqual(['young'])
    expect(queue.depth().visible).toBe(1)
  })

  test('an older receipt handle deletes nothing and is no error', () => {
    const { queue, pass } = pair()
    queue.send('a')
    const [first] = queue.receive(1)
    pass(30)
    const [second] = queue.receive(1)
    queue.delete(first?.receiptHandle ?? '')
    expect(queue.depth().hidden).toBe(1)
    queue.delete(second?.receiptHandle ?? '')
    expect(queue.depth().hidden).toBe(0)
    queue.delete(second?.receiptHandle ?? '')
  })

  test('what is deleted after its visibility timeout is not handed out again', () => {
    const { queue, pass } = pair()
    queue.send('a')
    const [message] = queue.receive(1)
    pass(30)
    expect(queue.depth()).toEqual({ visible: 1, hidden: 0 })
    queue.delete(message?.receiptHandle ?? '')
    expect(queue.receive(1)).toEqual([])
    expect(queue.depth()).toEqual({ visible: 0, hidden: 0 })
  })

  test('refuses a receipt handle that it never gave', () => {
    const { queue } = pair()
    expect(() => queue.delete('nonsense')).toThrow('receipt handle')
  })

  test('changes the visibility of what is in flight, and of nothing else', () => {
    const { queue, pass } = pair()
    queue.send('a')
    const [message] = queue.receive(1)
    const handle = message?.receiptHandle ?? ''
    queue.changeVisibility(handle, 300)
    pass(299)
    expect(queue.receive(1)).toEqual([])
    queue.changeVisibility(handle, 0)
    expect(queue.depth()).toEqual({ visible: 1, hidden: 0 })
    expect(() => queue.changeVisibility(handle, 1)).toThrow('not in flight')
  })

  test('hands a message out once per call, even with a visibility timeout of zero', () => {
    const { queue } = pair({ visibilityTimeoutSeconds: 0 })
    queue.send('a')
    expect(queue.receive(10)).toHaveLength(1)
    expect(queue.receive(10)).toHaveLength(1)
  })
})

type Step =
  | { do: 'send'; delay: number }
  | { do: 'receive'; max: number }
  | { do: 'delete' | 'change'; which: number; seconds: number }
  | { do: 'pass'; seconds: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('send' as const), delay: fc.integer({ min: 0, max: 60 }) }),
  fc.record({ do: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 10 }) }),
  fc.record({
    do: fc.constantFrom('delete' as const, 'change' as const),
    which: fc.nat(),
    seconds: fc.integer({ min: 0, max: 60 }),
  }),
  fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 0, max: 40 }) }),
)

describe('whatever is done with a queue', () => {
  test('each message is in it once, deleted, or in the dead-letter queue, and depth() agrees', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 4 }), (steps, maxReceiveCount) => {
        const { queue, dead, pass } = pair({ redrive: { deadLetterTargetArn: 'arn:dead', maxReceiveCount } })
        const sent = new Set<string>()
        const deleted = new Set<string>()
        let inFlight: { id: string; handle: string; until: number }[] = []
        let now = 0
        for (const s of steps) {
          if (s.do === 'send') sent.add(queue.send('x', { delaySeconds: s.delay }))
          else if (s.do === 'pass') {
            now += s.seconds
            pass(s.seconds)
          } else if (s.do === 'receive') {
            for (const { messageId, receiptHandle, attributes } of queue.receive(s.max)) {
              expect(Number(attributes.ApproximateReceiveCount)).toBeLessThanOrEqual(maxReceiveCount)
              expect(deleted.has(messageId)).toBe(false)
              // What is hidden from others may not be handed out again.
              expect(inFlight.some(({ id, until }) => id === messageId && until > now)).toBe(false)
              inFlight = inFlight.filter(({ id }) => id !== messageId)
              inFlight.push({ id: messageId, handle: receiptHandle, until: now + 30 })
            }
          } else {
            // The newest handle deletes a message even when others can see it again, unless it has moved on.
            const inQueue = new Set(queue.peek().map(({ messageId }) => messageId))
            const held = inFlight.filter(({ id, until }) => (s.do === 'delete' ? inQueue.has(id) : until > now))
            const target = held[s.which % Math.max(held.length, 1)]
            if (!target) continue
            if (s.do === 'change') {
              queue.changeVisibility(target.handle, s.seconds)
              target.until = now + s.seconds
            } else {
              queue.delete(target.handle)
              deleted.add(target.id)
              inFlight = inFlight.filter(({ id }) => id !== target.id)
            }
          }
          const left = queue.peek().map(({ messageId }) => messageId)
          const moved = dead.peek().map(({ messageId }) => messageId)
          expect([...left, ...moved, ...deleted].sort()).toEqual([...sent].sort())
          const { visible, hidden } = queue.depth()
          expect(visible + hidden).toBe(left.length)
          expect(hidden - queue.delayed()).toBe(
            inFlight.filter(({ id, until }) => until > now && left.includes(id)).length,
          )
        }
      }),
    )
  })

  test('a queue that is drained long enough gives up every message', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 200 }), (delays) => {
        const { queue, clock } = pair()
        const sent = delays.map((delaySeconds) => queue.send('x', { delaySeconds }))
        const received: string[] = []
        for (let at = queue.nextVisibleAt(); at !== undefined; at = queue.nextVisibleAt()) {
          clock.advanceTo(at)
          for (const { messageId, receiptHandle } of queue.receive(10)) {
            received.push(messageId)
            queue.delete(receiptHandle)
          }
        }
        expect(received.sort()).toEqual(sent.sort())
      }),
    )
  })
})
