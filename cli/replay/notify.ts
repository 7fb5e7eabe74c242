import type { StewardConfig } from '../../config/load.ts'
import { notify } from '../../functions/notify/notify.ts'
import type { Deps } from '../../functions/notify/ports.ts'
import { Webhook } from '../../functions/notify/webhook.ts'
import type { Outcome } from '../../functions/outcome.ts'
import type { Note } from './calls.ts'
import { toRecord } from './record.ts'

/** A Slack and a table that take everything, and are asked nothing in truth. */
function takesAll({ channels }: StewardConfig, note: Note): Deps {
  const posted = new Set<string>()
  return {
    webhooks: {
      async read(channel) {
        note({ action: 'secretsmanager:GetSecretValue', subject: channels[channel]?.secret ?? channel, made: false })
        return { webhook: new Webhook(channel) }
      },
    },
    slack: {
      async post(webhook) {
        note({ action: 'slack:PostMessage', subject: `#${webhook.reveal()}`, made: false })
        return { kind: 'ok' }
      },
    },
    sent: {
      async claim(alert, channel) {
        const subject = `sent#${alert}#${channel}`
        note({ action: 'dynamodb:UpdateItem', subject, made: false })
        if (posted.has(subject)) return { state: 'sent' }
        const mark = async (): Promise<void> => {
          posted.add(subject)
          note({ action: 'dynamodb:UpdateItem', subject, made: false })
        }
        return { state: 'claimed', mark, release: async () => {} }
      },
    },
    queue: { delay: async () => {} },
    time: { now: () => 0, sleep: async () => {} },
    pace: () => 0,
  }
}

/** An alert as notify is handed it. */
export type Message = { readonly body: string; readonly messageId: string }

/** What notify would make of alerts, a line for each channel; nothing where the stack has no channel, and so no notify. */
export function replayedNotify(config: StewardConfig, note: Note) {
  const deps = takesAll(config, note)
  const channels = new Set(Object.keys(config.channels))
  return async (messages: readonly Message[]): Promise<readonly Outcome[]> => {
    if (channels.size === 0) return []
    const records = messages.map(({ body, messageId }) => toRecord(body, messageId))
    return (await notify({ records, channels, deadline: Number.POSITIVE_INFINITY }, deps)).outcomes
  }
}
