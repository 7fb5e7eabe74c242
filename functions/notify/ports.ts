import type { SlackMessage } from './message/message.ts'
import type { Webhook } from './webhook.ts'

/** The webhook of a channel, or in words why there is none. `permanent`: reading again will not help. */
export type WebhookRead = { readonly webhook: Webhook } | { readonly problem: string; readonly permanent: boolean }

export type Webhooks = {
  /** @param fresh ask again, whatever is remembered */
  read(channel: string, fresh?: boolean): Promise<WebhookRead>
}

/** What Slack made of a message. */
export type Posted =
  | { readonly kind: 'ok' }
  | { readonly kind: 'rate-limited'; readonly seconds: number }
  | { readonly kind: 'transient'; readonly code: string }
  /** `stale`: the webhook may have been replaced by another. */
  | { readonly kind: 'permanent'; readonly code: string; readonly stale: boolean }
  | { readonly kind: 'refused-blocks'; readonly code: string }

export type Slack = { post(webhook: Webhook, message: SlackMessage): Promise<Posted> }

/** The right to post one alert to one channel. Exactly one of the two ends it. */
export type Claimed = {
  readonly state: 'claimed'
  /** It has been posted, for good. */
  mark(): Promise<void>
  /** It has not been posted: the next delivery may try. @param reason kept for whoever looks into it */
  release(reason: string): Promise<void>
}

/** `held`: another invocation is at it, for so many seconds at most. */
export type Claim = Claimed | { readonly state: 'sent' } | { readonly state: 'held'; readonly seconds: number }

export type SentState = { claim(alert: string, channel: string): Promise<Claim> }

export type Queue = {
  /** Hides the record for so many seconds before it comes again. */
  delay(receiptHandle: string, seconds: number): Promise<void>
}

export type Time = {
  /** Milliseconds since the epoch. */
  now(): number
  sleep(milliseconds: number): Promise<void>
}

export type Deps = {
  readonly webhooks: Webhooks
  readonly slack: Slack
  readonly sent: SentState
  readonly queue: Queue
  readonly time: Time
  /** Reserves the next moment for a post to the webhook: milliseconds to wait, `undefined` if longer than `most`. */
  readonly pace: (webhook: Webhook, most: number) => number | undefined
}
