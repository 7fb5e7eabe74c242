import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { alert } from './alerts.ts'
import { CHANNELS, type Rig, startRig } from './rig.ts'

let rig: Rig

beforeAll(async () => {
  rig = await startRig()
})

afterAll(() => rig.close())

/** Leaves the next test an empty queue, and a function that remembers nothing. */
afterEach(() => {
  rig.aws.faults.clear()
  for (let at = rig.queue.nextVisibleAt(); at !== undefined; at = rig.queue.nextVisibleAt()) {
    rig.aws.clock.advanceTo(at)
    for (const { receiptHandle } of rig.queue.receive(10)) rig.queue.delete(receiptHandle)
  }
  for (const [channel, { secret }] of Object.entries(CHANNELS)) rig.aws.secrets.put(secret, rig.slack.webhook(channel))
  rig.restart()
})

const posts = (channel = 'security') => rig.slack.received().filter((one) => one.channel === channel)

/** Seconds until the queue shows something again. */
const hiddenFor = (): number => Math.round(((rig.queue.nextVisibleAt() ?? 0) - rig.aws.clock.now()) / 1_000)

/** Makes what was given back visible again. */
const wait = (): void => rig.aws.clock.advanceTo(rig.queue.nextVisibleAt() ?? 0)

const outcomesOf = (run: Awaited<ReturnType<Rig['deliver']>>) => run.outcomes.map(({ outcome }) => outcome)

let last = 0
const fresh = (changes: Parameters<typeof alert>[0] = {}) => alert({ id: `alert-${++last}`, ...changes })

describe('an alert', () => {
  test('is posted into its channel, and the record is done with', async () => {
    const one = fresh()
    const run = await rig.deliver(one)
    expect(run).toEqual({
      failures: [],
      outcomes: [
        {
          ...{ outcome: 'sent', reason: 'posted', event: one.id, channel: 'security' },
          ...{ kind: 'vulnerabilities', severity: 'CRITICAL', repository: 'prod/api' },
        },
      ],
    })
    expect(posts().at(-1)).toMatchObject({ status: 200, faults: [] })
  })

  test('that comes again is not posted again', async () => {
    const one = fresh()
    await rig.deliver(one)
    const before = posts().length
    expect(outcomesOf(await rig.deliver(one, one))).toEqual(['repeated', 'repeated'])
    rig.restart()
    expect(outcomesOf(await rig.deliver(one))).toEqual(['repeated'])
    expect(posts()).toHaveLength(before)
  })

  test('goes into each of its channels once, named twice or not', async () => {
    const before = posts('team').length
    expect(outcomesOf(await rig.deliver(fresh({ channels: ['security', 'team', 'team'] })))).toEqual(['sent', 'sent'])
    expect(posts('team')).toHaveLength(before + 1)
  })

  test('for no channel is done with', async () => {
    const run = await rig.deliver(fresh({ channels: [] }))
    expect(outcomesOf(run)).toEqual(['no-channel'])
    expect(run.failures).toEqual([])
  })
})

describe('a record that cannot be right', () => {
  test('is given back with the field named, and leaves its neighbours alone', async () => {
    const run = await rig.deliver('{"version":', fresh({ title: 7 as unknown as string }), fresh())
    expect(run.outcomes).toEqual([
      expect.objectContaining({ outcome: 'invalid', reason: 'the body is not JSON' }),
      expect.objectContaining({ outcome: 'invalid', reason: 'title: expected string, found 7' }),
      expect.objectContaining({ outcome: 'sent' }),
    ])
    expect(run.failures).toHaveLength(2)
    expect(hiddenFor()).toBe(1)
  })

  test('names a channel that is not configured; the others still get it', async () => {
    const run = await rig.deliver(fresh({ channels: ['gone\n', 'security'] }))
    expect(run.outcomes).toEqual([
      expect.objectContaining({ outcome: 'invalid', reason: 'channels: no channel "gone\\n" in the configuration' }),
      expect.objectContaining({ outcome: 'sent', channel: 'security' }),
    ])
    expect(run.failures).toHaveLength(1)
  })
})

describe('a Slack that wants no more', () => {
  const limited = { status: 429, body: 'rate_limited', headers: { 'Retry-After': '77' } }

  test('has the record, and the rest for that channel, back after as long as it says, without another post', async () => {
    rig.slack.respondWith('security', limited)
    const before = posts().length
    const run = await rig.deliver(fresh(), fresh(), fresh({ channels: ['team'] }))
    expect(outcomesOf(run).sort()).toEqual(['retry', 'retry', 'sent'])
    expect(run.failures).toHaveLength(2)
    expect(posts()).toHaveLength(before + 1)
    expect(hiddenFor()).toBeGreaterThanOrEqual(76)
  })

  test('gets it once it is willing again', async () => {
    rig.slack.respondWith('security', { ...limited, headers: { 'Retry-After': '1' } })
    await rig.deliver(fresh())
    rig.restart()
    wait()
    expect(outcomesOf(await rig.deliver())).toEqual(['sent'])
  })

  test('for longer than SQS can wait has it back in just under twelve hours', async () => {
    rig.slack.respondWith('security', { ...limited, headers: { 'Retry-After': '99999' } })
    await rig.deliver(fresh())
    expect(hiddenFor()).toBe(43_140)
  })
})

describe('a Slack that is down', () => {
  test('gets the record after pauses that grow to half an hour', async () => {
    const pauses: number[] = []
    rig.slack.respondWith('security', { status: 503, body: '<html>upstream https://hooks…' }, 8)
    const run = await rig.deliver(fresh())
    expect(run.outcomes[0]).toMatchObject({ outcome: 'retry', reason: 'Slack did not take it: http_503' })
    for (let tries = 1; tries < 8; tries++) {
      pauses.push(hiddenFor())
      wait()
      await rig.deliver()
    }
    expect([...pauses, hiddenFor()]).toEqual([30, 60, 120, 240, 480, 960, 1_800, 1_800])
    wait()
    expect(outcomesOf(await rig.deliver())).toEqual(['sent'])
  })

  test('holds up nobody else', async () => {
    rig.slack.respondWith('team', { status: 500, body: 'rollup_error' })
    const run = await rig.deliver(fresh({ channels: ['team', 'security'] }))
    expect(run.outcomes.toSorted((a, b) => (String(a.channel) < String(b.channel) ? 1 : -1))).toEqual([
      expect.objectContaining({ channel: 'team', outcome: 'retry', reason: 'Slack did not take it: rollup_error' }),
      expect.objectContaining({ channel: 'security', outcome: 'sent' }),
    ])
    wait()
    expect(outcomesOf(await rig.deliver()).sort()).toEqual(['repeated', 'sent'])
  })
})

describe('a layout that Slack refuses', () => {
  test('goes once more as plain text, and the outcome says so', async () => {
    rig.slack.respondWith('security', { status: 400, body: 'invalid_blocks' })
    const run = await rig.deliver(fresh())
    expect(run.outcomes[0]).toMatchObject({
      outcome: 'sent',
      reason: 'posted as plain text: Slack refused the layout (invalid_blocks)',
    })
    expect(posts().at(-1)?.payload.blocks).toBeUndefined()
  })

  test('is a broken channel where plain text is refused too', async () => {
    rig.slack.respondWith('security', { status: 400, body: 'invalid_blocks' }, 2)
    expect(outcomesOf(await rig.deliver(fresh()))).toEqual(['channel-broken'])
  })
})

describe('a channel that is broken', () => {
  test('is logged with the word of Slack, and its record soon comes again', async () => {
    rig.slack.respondWith('security', { status: 410, body: 'channel_is_archived' }, 1)
    const run = await rig.deliver(fresh())
    expect(run.outcomes[0]).toMatchObject({
      ...{ outcome: 'channel-broken', reason: 'Slack refuses: channel_is_archived', channel: 'security' },
    })
    expect(run.failures).toHaveLength(1)
    expect(hiddenFor()).toBe(1)
  })

  test('is asked once for a whole batch', async () => {
    rig.slack.respondWith('security', { status: 404, body: 'no_service' }, 1)
    const before = posts().length
    expect(outcomesOf(await rig.deliver(fresh(), fresh()))).toEqual(['channel-broken', 'channel-broken'])
    expect(posts()).toHaveLength(before + 1)
  })

  test('is mended by a new secret without a new process', async () => {
    await rig.deliver(fresh())
    rig.aws.secrets.put(CHANNELS.security.secret, rig.slack.webhook('renewed'))
    rig.slack.respondWith('security', { status: 403, body: 'invalid_token' })
    expect(outcomesOf(await rig.deliver(fresh()))).toEqual(['sent'])
    expect(posts('renewed')).toHaveLength(1)
  })

  test.each([
    ['https://example.com/services/T/B/x', 'Slack refuses: not_a_slack_webhook'],
    ['just a word', 'secret ecr-steward/slack/security holds neither a URL nor {"url": "…"}'],
    [
      '{"uri":"https://hooks.slack.com/services/x"}',
      'secret ecr-steward/slack/security holds neither a URL nor {"url": "…"}',
    ],
  ])('has a secret such as %s, which is not repeated', async (secret, reason) => {
    rig.aws.secrets.put(CHANNELS.security.secret, secret)
    rig.restart()
    const run = await rig.deliver(fresh())
    expect(run.outcomes[0]).toMatchObject({ outcome: 'channel-broken', reason })
  })

  test('has its reason kept with the alert, for whoever finds the record among the dead letters', async () => {
    rig.slack.respondWith('security', { status: 410, body: 'channel_is_archived' })
    await rig.deliver(fresh({ id: 'dead' }))
    const update = rig.aws.calls.findLast(({ operation }) => operation === 'UpdateItem')
    expect(JSON.stringify(update?.input)).toContain('channel_is_archived')
  })

  test('gets what waited, from the dead letters too, once it is mended', async () => {
    rig.slack.respondWith('security', { status: 410, body: 'channel_is_archived' })
    const one = fresh()
    await rig.deliver(one)
    wait()
    expect(outcomesOf(await rig.deliver())).toEqual(['sent'])
    expect(outcomesOf(await rig.deliver(one))).toEqual(['repeated'])
  })
})

describe('an AWS that fails', () => {
  test('once is asked again', async () => {
    rig.aws.faults.inject({ service: 'dynamodb', times: 1, error: { code: 'InternalServerError', status: 500 } })
    expect(outcomesOf(await rig.deliver(fresh()))).toEqual(['sent'])
  })

  test('to answer about the claim has the record again later', async () => {
    rig.aws.faults.inject({ service: 'dynamodb', times: 3, error: { code: 'ThrottlingException', status: 400 } })
    const run = await rig.deliver(fresh())
    expect(run.outcomes[0]).toMatchObject({
      outcome: 'retry',
      reason: 'the state table does not answer: ThrottlingException',
    })
    expect(run.failures).toHaveLength(1)
  })

  test('to answer about the claim for five receives lets the alert through all the same', async () => {
    rig.aws.faults.inject({ service: 'dynamodb', times: 99, error: { code: 'InternalServerError', status: 500 } })
    await rig.deliver(fresh())
    for (let receives = 2; receives < 5; receives++) {
      wait()
      expect(outcomesOf(await rig.deliver())).toEqual(['retry'])
    }
    wait()
    expect(outcomesOf(await rig.deliver())).toEqual(['sent'])
  })

  test('to give the secret has the record again later, and the secret is asked for again', async () => {
    rig.aws.faults.inject({
      service: 'secretsmanager',
      times: 99,
      error: { code: 'InternalServiceError', status: 500 },
    })
    rig.restart()
    const run = await rig.deliver(fresh())
    expect(run.outcomes[0]).toMatchObject({
      ...{ outcome: 'retry', reason: 'secret ecr-steward/slack/security could not be read: InternalServiceError' },
    })
    rig.aws.faults.clear()
    wait()
    expect(outcomesOf(await rig.deliver())).toEqual(['sent'])
  })

  test('to hide the record does not lose it', async () => {
    rig.slack.respondWith('security', { status: 503, body: '' })
    rig.aws.faults.inject({ service: 'sqs', times: 99, error: { code: 'InternalError', status: 500 } })
    expect((await rig.deliver(fresh())).failures).toHaveLength(1)
  })
})

test('no webhook is in any log line or any call of a run with every fault', async () => {
  const secrets = ['security', 'team', 'renewed'].map(
    (channel) => rig.slack.webhook(channel).split('/').at(-1) as string,
  )
  rig.slack.respondWith('security', { status: 404, body: `no such ${rig.slack.webhook('security')}` })
  rig.slack.respondWith('team', { status: 302, body: '', headers: { Location: rig.slack.webhook('security') } })
  const run = await rig.deliver(fresh({ channels: ['security', 'team'] }))
  expect(outcomesOf(run)).toEqual(['channel-broken', 'channel-broken'])
  for (const secret of secrets) expect(JSON.stringify([run, rig.aws.calls])).not.toContain(secret)
})

test('the bundle stays within 40 KiB', () => {
  expect(rig.bytes).toBeLessThanOrEqual(40 * 1_024)
})
