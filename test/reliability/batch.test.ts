import { describe, expect, test } from 'vitest'
import { flaws } from './events.ts'
import { shuffled, useRig } from './rig.ts'

const rig = await useRig()

/** The queue that the rules feed. */
const eventQueue = () => {
  const queue = rig.world.aws.sqs
    .list()
    .find(({ name }) => /scan-?alert/i.test(name) && !/dead|undelivered/i.test(name))
  if (!queue) throw new Error('the stack has no queue for scan events')
  return queue
}

describe('a record that can never succeed', () => {
  test('lies in the dead-letter queue in the end, and its neighbours are told at their first receive', async () => {
    const images = Array.from({ length: 9 }, () => rig.image(flaws(1)))
    const before = rig.now
    const bad = { ...rig.scan(images[0] as never, flaws(1)), account: 'nobody' }
    rig.put(...images.slice(0, 5).map((image) => rig.scan(image, flaws(1))))
    eventQueue().send(JSON.stringify(bad))
    await rig.happens(...images.slice(5).map((image) => rig.scan(image, flaws(1))))
    for (const image of images) {
      expect(rig.messages(image)).toHaveLength(1)
      expect((rig.messages(image)[0]?.at ?? 0) - before).toBeLessThan(60_000)
    }
    expect(Object.values(rig.dead())).toEqual([1])
    expect(rig.said('scan-alert').filter((outcome) => outcome === 'invalid').length).toBeGreaterThanOrEqual(5)
  })

  test.each([
    ['text', 'hello'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['brackets', '['.repeat(100_000)],
    ['a deep event', `{"detail-type":"ECR Image Scan","detail":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`],
  ])('as %s harms no other', async (_, body) => {
    const image = rig.image(flaws(1))
    if (body) eventQueue().send(body)
    await rig.happens(rig.scan(image, flaws(1)))
    expect(rig.messages(image)).toHaveLength(1)
    expect(Object.values(rig.dead())).toEqual(body ? [1] : [])
  })
})

describe('a redrive', () => {
  test('of what was told repeats nothing, and tells what was not told', async () => {
    const told = Array.from({ length: 6 }, () => rig.image(flaws(2)))
    const missed = Array.from({ length: 4 }, () => rig.image(flaws(2)))
    const events = told.map((image) => rig.scan(image, flaws(2)))
    await rig.happens(...events)
    const error = { code: 'AuthorizationError', status: 403 }
    rig.world.aws.faults.inject({ service: 'sns', operation: 'Publish', times: Number.POSITIVE_INFINITY, error })
    await rig.happens(...missed.map((image) => rig.scan(image, flaws(2))))
    const dead = rig.world.aws.sqs.get(Object.keys(rig.dead())[0] ?? '')
    for (const event of events) dead?.send(JSON.stringify(event))
    expect(Object.values(rig.dead())).toEqual([10])
    rig.world.aws.faults.clear()
    expect(rig.redrive()).toBe(10)
    await rig.world.cloud.settle()
    for (const image of [...told, ...missed]) expect(rig.messages(image)).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })
})

describe('a thousand events', () => {
  test('about a hundred images are a hundred messages, whatever their order', async () => {
    const images = Array.from({ length: 100 }, (_, n) => rig.image(flaws(4, 'HIGH', 10 * n)))
    const events = images.flatMap((image, n) => {
      const found = flaws(4, 'HIGH', 10 * n)
      const scan = rig.scan(image, found)
      return [scan, scan, ...found.flatMap((flaw) => [rig.finding(image, flaw), rig.finding(image, flaw)])]
    })
    expect(events).toHaveLength(1_000)
    const before = rig.world.slack.received().length
    await rig.happens(...shuffled(events, 7))
    for (const image of images) {
      expect(rig.messages(image)).toHaveLength(1)
      expect(rig.named(image).size).toBe(4)
    }
    expect(rig.world.slack.received()).toHaveLength(before + 100)
    expect(rig.dead()).toEqual({})
  })

  test('with a fault in every tenth call are the same hundred messages', async () => {
    const images = Array.from({ length: 100 }, () => rig.image(flaws(2)))
    const services = ['ecr', 'dynamodb', 'sns', 'secretsmanager']
    for (let round = 0; round < 40; round++)
      for (const service of services) {
        rig.world.aws.faults.inject({ service, times: 9, error: { delayMs: 0 } })
        rig.world.aws.faults.inject({
          service,
          times: 1 + (round % 4),
          error: { code: 'InternalFailure', status: 500 },
        })
      }
    const events = images.flatMap((image) => [rig.scan(image, flaws(2)), ...flaws(2).map((f) => rig.finding(image, f))])
    await rig.happens(...shuffled(events, 11))
    for (const image of images) expect(rig.messages(image)).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })
})
