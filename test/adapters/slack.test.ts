import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { slackWebhooks } from '../../functions/adapters/slack.ts'
import { composePlain } from '../../functions/notify/message/compose.ts'
import { Webhook } from '../../functions/notify/webhook.ts'
import { listen } from '../../local/slack/listen.ts'
import { type SlackSink, startSlackSink } from '../../local/slack/sink.ts'
import { alert } from '../notify/alerts.ts'

const MESSAGE = composePlain(alert())

let sink: SlackSink

beforeAll(async () => {
  sink = await startSlackSink()
})

afterAll(() => sink.close())

const post = (status: number, body: string, headers?: Record<string, string>) => {
  sink.respondWith('security', { status, body, ...(headers ? { headers } : {}) })
  return slackWebhooks(sink.url).post(new Webhook(sink.webhook('security')), MESSAGE)
}

describe('what Slack answers', () => {
  test.each([
    [200, 'ok', { kind: 'ok' }],
    [200, '{"ok":true}', { kind: 'ok' }],
    [400, 'invalid_blocks', { kind: 'refused-blocks', code: 'invalid_blocks' }],
    [400, 'invalid_blocks_format', { kind: 'refused-blocks', code: 'invalid_blocks_format' }],
    [400, 'msg_blocks_too_long', { kind: 'refused-blocks', code: 'msg_blocks_too_long' }],
    [400, 'invalid_payload', { kind: 'permanent', code: 'invalid_payload', stale: false }],
    [403, 'action_prohibited', { kind: 'permanent', code: 'action_prohibited', stale: true }],
    [404, 'no_service', { kind: 'permanent', code: 'no_service', stale: true }],
    [410, 'channel_is_archived', { kind: 'permanent', code: 'channel_is_archived', stale: true }],
    [408, '', { kind: 'transient', code: 'http_408' }],
    [500, 'rollup_error', { kind: 'transient', code: 'rollup_error' }],
    [503, '<html>busy</html>', { kind: 'transient', code: 'http_503' }],
  ])('%i %s is told apart', async (status, body, posted) => {
    expect(await post(status, body)).toEqual(posted)
  })

  test.each([
    ['7', 7],
    ['0', 1],
    ['-5', 30],
    ['soon', 30],
  ])('429 with Retry-After %s means to wait %i seconds', async (after, seconds) => {
    expect(await post(429, 'rate_limited', { 'Retry-After': after })).toEqual({ kind: 'rate-limited', seconds })
  })

  test('is never followed elsewhere', async () => {
    const before = sink.received().length
    const posted = await post(302, '', { Location: sink.webhook('security') })
    expect(posted).toEqual({ kind: 'permanent', code: 'http_302', stale: false })
    expect(sink.received()).toHaveLength(before + 1)
  })

  test('is not read to the end where it has none', async () => {
    expect(await post(200, 'x'.repeat(100_000))).toEqual({
      kind: 'transient',
      code: 'an answer of more than 16384 bytes',
    })
  })
})

test('a Slack that cannot be reached is one to try again, without its address', async () => {
  const server = createServer((socket) => socket.destroy())
  const origin = await listen(server as unknown as Parameters<typeof listen>[0], 0)
  const posted = await slackWebhooks(origin).post(new Webhook(`${origin}/services/T/B/secret`), MESSAGE)
  expect(posted).toEqual({ kind: 'transient', code: 'ECONNRESET' })
  server.close()
})

describe('a webhook', () => {
  test.each([
    'http://hooks.slack.com/services/T/B/x',
    'https://hooks.slack.com.evil.example/services/T/B/x',
    'https://hooks.slack.com@evil.example/services/T/B/x',
    'https://user:pass@hooks.slack.com/services/T/B/x',
    'https://hooks.slack.com:8443/services/T/B/x',
    'https://hooks.slack.com/api/chat.postMessage',
    'https://hooks.slack.com/services/../api/x',
    'https://slack.com/services/T/B/x',
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1:1/services/T/B/x',
    'http://[::1]/services/T/B/x',
    'https://hооks.slack.com/services/T/B/x',
    'file:///services/x',
  ])('%s is refused before anything is sent', async (url) => {
    expect(await slackWebhooks(sink.url).post(new Webhook(url), MESSAGE)).toEqual({
      ...{ kind: 'permanent', code: 'not_a_slack_webhook', stale: true },
    })
  })

  test('of this machine is refused where none was allowed', async () => {
    expect(await slackWebhooks().post(new Webhook(sink.webhook('security')), MESSAGE)).toMatchObject({
      code: 'not_a_slack_webhook',
    })
  })

  test('shows itself to nobody by accident', () => {
    const webhook = new Webhook('https://hooks.slack.com/services/T/B/secret')
    expect([`${webhook}`, JSON.stringify({ webhook }), inspect({ webhook })].join()).not.toContain('secret')
  })
})
