import type { WebhookRead, Webhooks } from '../notify/ports.ts'
import { Webhook } from '../notify/webhook.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

/** A replaced webhook is noticed at the latest after this long. Milliseconds. */
const FRESH = 15 * 60_000

/** URL itself, or `{"url": "…"}` as the console's key/value editor makes it. */
function urlIn(text: string): string | undefined {
  const trimmed = text.trim()
  if (URL.canParse(trimmed)) return trimmed
  try {
    const { url } = JSON.parse(trimmed) as { url?: unknown }
    return typeof url === 'string' && URL.canParse(url.trim()) ? url.trim() : undefined
  } catch {
    return undefined
  }
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
async function fetchWebhook(aws: AwsCall, secret: string): Promise<WebhookRead> {
  try {
    const { SecretString: text } = await aws('secretsmanager', 'GetSecretValue', { SecretId: secret })
    const url = typeof text === 'string' ? urlIn(text) : undefined
    if (url) return { webhook: new Webhook(url) }
    return { problem: `secret ${secret} holds neither a URL nor {"url": "…"}`, permanent: true }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { problem: `secret ${secret} could not be read: ${error.code}`, permanent: !error.transient }
  }
}

type Kept = { readonly read: Promise<WebhookRead>; readonly at: number }

/**
 * Webhooks of channels, from Secrets Manager. Every one is asked for at once, so that the answers are on their way
 * while the process still starts; what was read is kept for 15 minutes, what could not be read is not.
 * @param secrets channel → name of its secret
 */
export function secretWebhooks(
  aws: AwsCall,
  secrets: ReadonlyMap<string, string>,
  now: () => number = Date.now,
): Webhooks {
  const kept = new Map<string, Kept>()
  const ask = (channel: string, secret: string): Promise<WebhookRead> => {
    const entry = { read: fetchWebhook(aws, secret), at: now() }
    kept.set(channel, entry)
    const forget = () => kept.get(channel) === entry && kept.delete(channel)
    entry.read.then((read) => 'problem' in read && forget(), forget)
    return entry.read
  }
  for (const [channel, secret] of secrets) ask(channel, secret)
  return {
    async read(channel, fresh = false) {
      const secret = secrets.get(channel)
      if (secret === undefined) return { problem: `no channel ${channel} in the configuration`, permanent: true }
      const known = fresh ? undefined : kept.get(channel)
      return known && now() - known.at < FRESH ? known.read : ask(channel, secret)
    },
  }
}
