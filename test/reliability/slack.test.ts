import { describe, expect, test } from 'vitest'
import { flaws } from './events.ts'
import { useRig } from './rig.ts'

const HOUR = 3_600_000

const rig = await useRig()

const posts = (channel: string) => rig.world.slack.received().filter((one) => one.channel === channel)

describe('a Slack', () => {
  test('that wants fewer messages is not asked again before its Retry-After', async () => {
    const channel = rig.channel()
    const image = rig.image(flaws(1))
    const retry = { status: 429, body: 'rate_limited', headers: { 'Retry-After': '120' } }
    rig.world.slack.respondWith(channel, retry, 2)
    await rig.happens(rig.scan(image, flaws(1)))
    const [first, second, third, ...more] = posts(channel)
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(120_000)
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(120_000)
    expect(third?.status).toBe(200)
    expect(more).toEqual([])
  })

  test('that is down for six hours gets every alert afterwards, once; none is given up', async () => {
    const channel = rig.channel()
    const images = Array.from({ length: 12 }, () => rig.image(flaws(1)))
    const up = rig.now + 6 * HOUR
    rig.refuses(channel, { status: 503, body: 'unavailable' }, () => rig.now < up)
    await rig.happens(...images.map((image) => rig.scan(image, flaws(1))))
    expect(rig.now).toBeGreaterThan(up)
    expect(rig.dead()).toEqual({})
    for (const image of images) expect(rig.messages(image)).toHaveLength(1)
  })

  test('that refuses the layout gets the alert once more as plain text', async () => {
    const channel = rig.channel()
    const image = rig.image(flaws(1))
    rig.world.slack.respondWith(channel, { status: 400, body: 'invalid_blocks' })
    await rig.happens(rig.scan(image, flaws(1)))
    const [refused, plain, ...more] = posts(channel)
    expect([refused?.status, plain?.status]).toEqual([400, 200])
    expect(plain?.payload).not.toHaveProperty('blocks')
    expect(more).toEqual([])
  })

  test('that takes a message and loses its answer may get it twice, and no third time', async () => {
    const channel = rig.channel()
    const image = rig.image(flaws(1))
    rig.world.slack.respondWith(channel, { status: 500, body: 'the answer that was lost' })
    await rig.happens(rig.scan(image, flaws(1)))
    expect(posts(channel)).toHaveLength(2)
  })
})

describe('a channel that is gone', () => {
  test('leaves the alert in the dead-letter queue within minutes, and the log says why without the secret', async () => {
    const channel = rig.channel()
    const image = rig.image(flaws(1))
    const before = rig.now
    rig.refuses(channel, { status: 404, body: 'no_service' }, () => true)
    await rig.happens(rig.scan(image, flaws(1)))
    expect(Object.values(rig.dead())).toEqual([1])
    expect(rig.now - before).toBeLessThan(5 * 60_000)
    expect(rig.outcomes.find(({ outcome }) => outcome === 'channel-broken')?.reason).toContain('no_service')
    const token = rig.world.slack.webhook(channel).split('/').at(-1)
    expect(JSON.stringify([rig.outcomes, rig.world.cloud.deadLetters()])).not.toContain(token)
  })

  test('is told of what it missed by a redrive after its repair, and of nothing twice', async () => {
    const images = [rig.image(flaws(1)), rig.image(flaws(1))]
    const fine = rig.channel()
    await rig.happens(rig.scan(images[0] as never, flaws(1)))
    const body = rig.world.aws.sns.published().at(-1)?.message ?? ''
    const gone = rig.channel()
    rig.refuses(gone, { status: 410, body: 'channel_is_archived' }, () => true)
    await rig.happens(rig.scan(images[1] as never, flaws(1)))
    const queue = rig.world.aws.sqs.list().find(({ name }) => name in rig.dead())
    queue?.send(JSON.parse(body).default)
    expect(Object.values(rig.dead())).toEqual([2])
    rig.channel()
    expect(rig.redrive()).toBe(2)
    await rig.world.cloud.settle()
    expect(rig.dead()).toEqual({})
    for (const image of images) expect(rig.messages(image)).toHaveLength(1)
    expect(posts(fine)).toHaveLength(1)
  })
})

describe('a webhook', () => {
  test.each([
    [404, 'no_service'],
    [410, 'channel_is_archived'],
    [403, 'action_prohibited'],
  ])('that was replaced, of which %d %s tells, is read anew, and the alert delivered at once', async (status, body) => {
    const { aws, slack } = rig.world
    const old = rig.channel()
    const warm = rig.image(flaws(1))
    await rig.happens(rig.scan(warm, flaws(1)))
    const next = `replacement-${status}`
    for (const secret of aws.secrets.names()) aws.secrets.put(secret, slack.webhook(next))
    rig.refuses(old, { status, body }, () => true)
    const image = rig.image(flaws(1))
    await rig.happens(rig.scan(image, flaws(1)))
    expect(rig.messages(image).map(({ channel }) => channel)).toEqual([next])
    expect(rig.said('notify')).toEqual(['sent', 'sent'])
  })
})
