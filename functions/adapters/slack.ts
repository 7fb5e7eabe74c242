import type { Posted, Slack } from '../notify/ports.ts'
import { type HttpAnswer, httpPost, Unreachable } from './http-post.ts'

/** Milliseconds until Slack has answered in full. */
const TIMEOUT = 5_000
/** Slack answers with a word; more is not read. Bytes. */
const LIMIT = 16_384
/** Where a 429 does not say how long. Seconds. */
const PATIENCE = 30

/** Seconds, as Slack has it; a date would be allowed and is not used. */
const retryAfter = (value: unknown): number => {
  const seconds = Number.parseInt(String(value), 10)
  return seconds >= 0 ? Math.max(seconds, 1) : PATIENCE
}

const HOSTS = new Set(['hooks.slack.com', 'hooks.slack-gov.com'])
/** Incoming webhooks; those of workflows, `/triggers/`, take variables and no blocks. */
const PATH = '/services/'

/** What else Slack says about a message whose layout it does not take. */
const LAYOUT = /^(invalid_blocks|invalid_attachments|msg_blocks_too_long|too_many_attachments)/
/** Statuses that a webhook answers with once it was replaced or removed. */
const STALE = new Set([403, 404, 410])

const isWebhook = (url: URL, other: string | undefined): boolean => {
  if (url.username || url.password) return false
  if (other !== undefined && url.origin === new URL(other).origin) return true
  return url.protocol === 'https:' && !url.port && HOSTS.has(url.hostname) && url.pathname.startsWith(PATH)
}

/** Slack's word for it; nothing else that a server says is repeated. */
const codeOf = ({ status, body }: HttpAnswer): string =>
  /^[a-z][a-z_]{1,60}$/.exec(body.trim())?.[0] ?? `http_${status}`

function verdictOf(answer: HttpAnswer): Posted {
  const { status, headers } = answer
  const code = codeOf(answer)
  if (status === 200) return { kind: 'ok' }
  if (status === 429) return { kind: 'rate-limited', seconds: retryAfter(headers['retry-after']) }
  if (status >= 500 || status === 408) return { kind: 'transient', code }
  if (status === 400 && LAYOUT.test(answer.body)) return { kind: 'refused-blocks', code }
  return { kind: 'permanent', code, stale: STALE.has(status) }
}

/**
 * Slack's incoming webhooks: one POST, no redirect, and only to Slack.
 * @param other origin that a webhook may have beside Slack's, for a local run
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export const slackWebhooks = (other?: string): Slack => ({
  async post(webhook, message) {
    const url = new URL(webhook.reveal())
    if (!isWebhook(url, other)) return { kind: 'permanent', code: 'not_a_slack_webhook', stale: true }
    const body = JSON.stringify(message)
    const headers = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }
    try {
      return verdictOf(await httpPost({ url, headers, body, timeout: TIMEOUT, limit: LIMIT }))
    } catch (error) {
      if (error instanceof Unreachable) return { kind: 'transient', code: error.message }
      throw error
    }
  },
})
