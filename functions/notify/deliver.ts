import type { Alert } from '../domain/alert.ts'
import type { Outcome } from '../outcome.ts'
import { CHANNEL_BROKEN } from './contract.ts'
import { backoff, SOON } from './delays.ts'
import { compose, composePlain } from './message/compose.ts'
import type { SlackMessage } from './message/message.ts'
import type { Claim, Claimed, Deps, Posted, WebhookRead } from './ports.ts'
import type { Webhook } from './webhook.ts'

/** One alert for one channel. */
export type Delivery = {
  readonly alert: Alert
  readonly channel: string
  /** How often the record has come, this time included. */
  readonly receives: number
  /** Milliseconds since the epoch by which everything must be done. */
  readonly deadline: number
}

type Refused = Exclude<Posted, { kind: 'ok' }>

export type Delivered = {
  readonly outcome: Outcome
  /** Seconds until the record should come again; absent when there is nothing left to do. */
  readonly again?: number
  /** What Slack said of the channel as a whole: the next alerts for it need not be posted to hear it again. */
  readonly closed?: Refused
}

/** Milliseconds that a post and its mark may take: a post is not begun with less. */
const POST_TAKES = 8_000
/** Receives after which an alert is told even if the state table does not answer: twice beats never. */
const OPEN_AFTER = 5

/** Times that a post is tried to be remembered, and milliseconds between them: what is forgotten may be told twice. */
const MARKS = 3
const BETWEEN_MARKS = 500

const UNCLAIMED: Claimed = {
  state: 'claimed',
  mark: () => Promise.reject(new Error('told without a claim')),
  release: async () => {},
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function result({ alert, channel }: Delivery, outcome: string, reason: string, again?: number): Delivered {
  const { id, kind, severity } = alert
  const { repository } = alert.subject
  return {
    outcome: { outcome, reason, event: id, channel, kind, severity, repository },
    ...(again === undefined ? {} : { again }),
  }
}

type Asked = Claim | { readonly state: 'unknown'; readonly reason: string }

/** A table that does not answer is given time, until telling without a claim is the better choice. */
const claim = ({ alert, channel, receives }: Delivery, { sent }: Deps): Promise<Asked> =>
  sent.claim(alert.id, channel).catch((error: unknown) => {
    if (receives >= OPEN_AFTER) return UNCLAIMED
    return { state: 'unknown', reason: `the state table does not answer: ${describe(error)}` }
  })

/** With its message, which is made while the claim is under way. */
type Prepared = Delivery & { readonly message: SlackMessage }

/** Posts; a layout that Slack refuses goes once more as plain text. */
async function post({ alert, message }: Prepared, webhook: Webhook, { slack }: Deps): Promise<[Posted, string]> {
  const posted = await slack.post(webhook, message)
  if (posted.kind !== 'refused-blocks') return [posted, 'posted']
  const how = `posted as plain text: Slack refused the layout (${posted.code})`
  return [await slack.post(webhook, composePlain(alert)), how]
}

/** What Slack says of a webhook that is gone may be about one that was replaced since it was read. */
async function postWithFreshSecret(prepared: Prepared, webhook: Webhook, deps: Deps): Promise<[Posted, string]> {
  const first = await post(prepared, webhook, deps)
  if (first[0].kind !== 'permanent' || !first[0].stale) return first
  const read = await deps.webhooks.read(prepared.channel, true)
  const isReplaced = 'webhook' in read && !read.webhook.equals(webhook)
  return isReplaced ? post(prepared, read.webhook, deps) : first
}

/** What becomes of an alert that Slack refuses, or would refuse. */
export function refusal(delivery: Delivery, refused: Refused): Delivered {
  if (refused.kind === 'transient')
    return result(delivery, 'retry', `Slack did not take it: ${refused.code}`, backoff(delivery.receives))
  if (refused.kind === 'rate-limited') {
    const { seconds } = refused
    return { ...result(delivery, 'retry', `Slack wants no more for ${seconds} s`, seconds), closed: refused }
  }
  const broken = result(delivery, CHANNEL_BROKEN, `Slack refuses: ${refused.code}`, SOON)
  return refused.kind === 'permanent' && refused.stale ? { ...broken, closed: refused } : broken
}

/** Marks the alert as sent. Where that fails, says why: it has gone out, so nothing is given back. */
async function remember({ deadline }: Delivery, claimed: Claimed, { time }: Deps): Promise<string> {
  for (let tries = 1; ; tries++) {
    try {
      await claimed.mark()
      return ''
    } catch (error) {
      const isLast = tries === MARKS || claimed === UNCLAIMED || deadline - time.now() < POST_TAKES
      if (isLast) return `, not marked as sent: ${describe(error)}`
      await time.sleep(BETWEEN_MARKS * tries)
    }
  }
}

async function postClaimed(delivery: Prepared, claimed: Claimed, webhook: Webhook, deps: Deps): Promise<Delivered> {
  const { now, sleep } = deps.time
  const wait = deps.pace(webhook, delivery.deadline - now() - POST_TAKES)
  if (wait === undefined) return result(delivery, 'retry', 'no time left for its turn in the channel', SOON)
  if (wait > 0) await sleep(wait)
  const [posted, how] = await postWithFreshSecret(delivery, webhook, deps)
  if (posted.kind !== 'ok') return refusal(delivery, posted)
  return result(delivery, 'sent', `${how}${await remember(delivery, claimed, deps)}`)
}

async function withClaim(delivery: Prepared, held: Asked, read: WebhookRead, deps: Deps): Promise<Delivered> {
  if (held.state === 'sent') return result(delivery, 'repeated', 'already in the channel')
  if (held.state === 'held') return result(delivery, 'retry', 'another invocation is posting it', held.seconds)
  if (held.state === 'unknown') return result(delivery, 'retry', held.reason, backoff(delivery.receives))
  const delivered =
    'webhook' in read
      ? await postClaimed(delivery, held, read.webhook, deps)
      : read.permanent
        ? result(delivery, CHANNEL_BROKEN, read.problem, SOON)
        : result(delivery, 'retry', read.problem, backoff(delivery.receives))
  if (delivered.again !== undefined) await held.release(delivered.outcome.reason).catch(() => {})
  return delivered
}

/** Lets the requests that were begun leave before it keeps the process busy. */
async function prepare(delivery: Delivery, { time }: Deps): Promise<Prepared> {
  await time.sleep(0)
  return { ...delivery, message: compose(delivery.alert, delivery.channel) }
}

/** Claims, posts, marks. The webhook is read, and the message made, while the claim is under way. Never throws. */
export async function deliver(delivery: Delivery, deps: Deps): Promise<Delivered> {
  const { channel, receives } = delivery
  try {
    const begun = [claim(delivery, deps), deps.webhooks.read(channel), prepare(delivery, deps)] as const
    const [held, read, prepared] = await Promise.all(begun)
    return await withClaim(prepared, held, read, deps)
  } catch (error) {
    return result(delivery, 'retry', `failed: ${describe(error)}`, backoff(receives))
  }
}
