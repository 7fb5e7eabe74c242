import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alert } from './alerts.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig

beforeAll(async () => {
  rig = await startRig()
})

afterAll(() => rig.close())

/** What the sink took, newest last. */
const taken = (channel = 'security') =>
  rig.slack.received().filter((one) => one.channel === channel && one.status === 200)

/** Seconds until the queue shows something again. */
const hiddenFor = (): number => Math.round(((rig.queue.nextVisibleAt() ?? 0) - rig.aws.clock.now()) / 1_000)

/** Lets the queue forget what a test left in it. */
const drain = (): void => {
  for (let at = rig.queue.nextVisibleAt(); at !== undefined; at = rig.queue.nextVisibleAt()) {
    rig.aws.clock.advanceTo(at)
    for (const { receiptHandle } of rig.queue.receive(10)) rig.queue.delete(receiptHandle)
  }
}

describe('the bundled function', () => {
  test('posts an alert into its channel and is done with the record', async () => {
    const run = await rig.deliver(alert({ id: 'first' }))
    expect(run.outcomes).toEqual([
      expect.objectContaining({ outcome: 'sent', event: 'first', channel: 'security', kind: 'vulnerabilities' }),
    ])
    expect(run.failures).toEqual([])
    expect(taken().at(-1)?.payload.text).toContain('prod/api:1.4.2')
  })

  test('posts a repeated alert once', async () => {
    await rig.deliver(alert({ id: 'twice' }))
    const before = taken().length
    const run = await rig.deliver(alert({ id: 'twice' }), alert({ id: 'twice' }))
    expect(run.outcomes.map(({ outcome }) => outcome)).toEqual(['repeated', 'repeated'])
    expect(taken()).toHaveLength(before)
  })

  test('gives a record back for as long as Slack asks', async () => {
    rig.slack.respondWith('security', { status: 429, body: 'rate_limited', headers: { 'Retry-After': '77' } })
    const run = await rig.deliver(alert({ id: 'limited' }))
    expect(run.outcomes[0]).toMatchObject({ outcome: 'retry', reason: 'Slack wants no more for 77 s' })
    expect(run.failures).toHaveLength(1)
    expect(hiddenFor()).toBe(77)
    drain()
    rig.restart()
  })

  test('stays within 40 KiB', () => {
    expect(rig.bytes).toBeLessThanOrEqual(40 * 1_024)
  })
})
