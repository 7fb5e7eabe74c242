import { describe, expect, test, vi } from 'vitest'
import { flaws, type TestImage } from './events.ts'
import { useRig } from './rig.ts'

const WRITE = { service: 'dynamodb', operation: 'UpdateItem' }
/** A call is made three times before it fails. */
const ONE_CALL = 3

const FAULTS = [
  ['throttles', { code: 'ProvisionedThroughputExceededException' }],
  ['answers 500', { code: 'InternalServerError' }],
  ['drops the connection', { drop: true }],
] as const

const rig = await useRig()

const inject = (error: (typeof FAULTS)[number][1], times: number) =>
  rig.world.aws.faults.inject({ ...WRITE, times, error })

/** Lets calls pass, so that the next fault strikes a later one. */
const pass = (times: number) => rig.world.aws.faults.inject({ ...WRITE, times, error: { delayMs: 0 } })

const ids = (image: TestImage) => [...new Set(rig.published(image).map(({ id }) => id))]

describe.each(FAULTS)('a table that %s', (_, error) => {
  test('at the claim delays the alert', async () => {
    const image = rig.image(flaws(2))
    inject(error, 2 * ONE_CALL)
    await rig.happens(rig.scan(image, flaws(2)))
    expect(rig.published(image)).toHaveLength(1)
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('once is not noticed', async () => {
    const image = rig.image(flaws(2))
    inject(error, 1)
    const before = rig.now
    await rig.happens(rig.scan(image, flaws(2)))
    expect(rig.messages(image)).toHaveLength(1)
    expect(rig.now - before).toBeLessThan(60_000)
  })

  test('at the mark, after the alert is out, repeats the alert under its id, and Slack has it once', async () => {
    const image = rig.image(flaws(2))
    pass(1)
    inject(error, 2 * ONE_CALL)
    await rig.happens(rig.scan(image, flaws(2)))
    expect(rig.published(image)).toHaveLength(2)
    expect(ids(image)).toHaveLength(1)
    expect(rig.messages(image)).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })

  test('at the mark of the Slack message says so, and posts no second one', async () => {
    const image = rig.image(flaws(2))
    pass(3)
    inject(error, Number.POSITIVE_INFINITY)
    await rig.happens(rig.scan(image, flaws(2)))
    expect(rig.messages(image)).toHaveLength(1)
    expect(rig.outcomes.find(({ function: name }) => name === 'notify')?.reason).toContain('not marked as sent')
  })
})

describe('a claim', () => {
  test('that arrives after its own retry, when the message is out, does not open the alert again', async () => {
    const image = rig.image(flaws(2))
    pass(2)
    rig.world.aws.faults.inject({ ...WRITE, error: { delayMs: 3_000 } })
    const from = rig.world.aws.calls.length
    const writes = () => rig.world.aws.calls.slice(from).filter(({ operation }) => operation === WRITE.operation)
    await rig.happens(rig.scan(image, flaws(2)))
    await vi.waitFor(() => expect(writes()).toHaveLength(5), 5_000)
    expect(writes().at(-1)?.error).toBe('ConditionalCheckFailedException')
    expect(rig.said('notify')).toEqual(['sent'])
    expect(rig.messages(image)).toHaveLength(1)
  })
})

describe('a table that is down for hours', () => {
  test('when an event comes leaves it in the dead-letter queue, from where it is told once', async () => {
    const image = rig.image(flaws(2))
    inject({ code: 'InternalServerError' }, Number.POSITIVE_INFINITY)
    await rig.happens(rig.scan(image, flaws(2)))
    expect(rig.messages(image)).toEqual([])
    expect(Object.values(rig.dead())).toEqual([1])
    rig.world.aws.faults.clear()
    expect(rig.redrive()).toBe(1)
    await rig.world.cloud.settle()
    expect(rig.messages(image)).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })

  test('when an alert is out does not keep it from Slack: in the end it is posted without a claim', async () => {
    const image = rig.image(flaws(2))
    pass(2)
    inject({ code: 'InternalServerError' }, Number.POSITIVE_INFINITY)
    await rig.happens(rig.scan(image, flaws(2)))
    expect(rig.messages(image)).toHaveLength(1)
    expect(rig.said('notify').filter((outcome) => outcome === 'retry').length).toBeGreaterThan(2)
    expect(rig.dead()).toEqual({})
  })
})

describe('a topic', () => {
  test.each([
    ['fails twice', { code: 'InternalError', status: 500 }],
    ['throttles', { code: 'Throttling' }],
  ])('that %s is published to later, once', async (_, error) => {
    const image = rig.image(flaws(2))
    rig.world.aws.faults.inject({ service: 'sns', operation: 'Publish', times: 2 * ONE_CALL, error })
    await rig.happens(rig.scan(image, flaws(2)))
    expect(rig.published(image)).toHaveLength(1)
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('that refuses for good leaves the event in the dead-letter queue, from where it is told', async () => {
    const image = rig.image(flaws(2))
    const error = { code: 'AuthorizationError', status: 403 }
    rig.world.aws.faults.inject({ service: 'sns', operation: 'Publish', times: Number.POSITIVE_INFINITY, error })
    await rig.happens(rig.scan(image, flaws(2)))
    expect(Object.values(rig.dead())).toEqual([1])
    rig.world.aws.faults.clear()
    rig.redrive()
    await rig.world.cloud.settle()
    expect(rig.messages(image)).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })
})
