/** URL of the queue that feeds the function: a record that Slack wants later is given back to it with a delay. */
export const ENV_QUEUE_URL = 'STEWARD_NOTIFY_QUEUE_URL'
/** Origin that a webhook may have beside Slack's own hosts, `http://127.0.0.1:3000`. Never set in a deployed stack. */
export const ENV_SLACK_ENDPOINT = 'STEWARD_SLACK_ENDPOINT'
/** Milliseconds between two posts of one instance to one webhook. */
export const ENV_PACE_MS = 'STEWARD_SLACK_PACE_MS'

export const TIMEOUT_SECONDS = 30
export const BATCH_SIZE = 5
/** Instances at once. Two, with a post every two seconds each, keep a webhook at Slack's one message a second. */
export const MAX_CONCURRENCY = 2
export const PACE_MS = 2_000

/** What the bundle is built with: channel name → name of the secret that holds its webhook URL. */
export type NotifyConfig = { readonly channels: Readonly<Record<string, { readonly secret: string }>> }

/** Outcome of a message that the channel will never take. The stack raises its «channel broken» alarm on it. */
export const CHANNEL_BROKEN = 'channel-broken'
