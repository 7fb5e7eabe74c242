import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compose, composePlain } from '../../../functions/notify/message/compose.ts'
import type { SlackMessage } from '../../../functions/notify/message/message.ts'
import { escapeText } from '../../../functions/notify/message/text.ts'
import { judge } from '../../../local/slack/validate.ts'
import { hostileAlert, text } from './hostile.ts'

type Texts = { readonly mrkdwn: string[]; readonly all: string[]; readonly urls: string[] }

/** Every text and every address anywhere in a message. */
function textsOf(value: unknown, found: Texts = { mrkdwn: [], all: [], urls: [] }): Texts {
  if (typeof value !== 'object' || value === null) return found
  const { type, text, url } = value as { type?: unknown; text?: unknown; url?: unknown }
  if (typeof text === 'string') found.all.push(text)
  if (typeof text === 'string' && type === 'mrkdwn') found.mrkdwn.push(text)
  if (typeof url === 'string') found.urls.push(url)
  for (const inner of Object.values(value)) textsOf(inner, found)
  return found
}

const addressesIn = (mrkdwn: string): string[] =>
  [...mrkdwn.matchAll(/<([^<>|]*)(?:\|[^<>]*)?>/g)].map(([, address]) => (address ?? '').replaceAll('&amp;', '&'))

const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u

const messagesOf = (alert: Parameters<typeof compose>[0], channel: string): SlackMessage[] => [
  compose(alert, channel),
  composePlain(alert),
]

const holds = (check: (message: SlackMessage) => void): void =>
  fc.assert(
    fc.property(hostileAlert, text, (alert, channel) => messagesOf(alert, channel).forEach(check)),
    { numRuns: 80 },
  )

describe('whatever an alert holds', () => {
  test('Slack takes its messages', () => {
    holds((message) => expect(judge(JSON.parse(JSON.stringify(message)))).toMatchObject({ status: 200, faults: [] }))
  })

  test('its messages ring nobody', () => {
    holds((message) => {
      const { all, mrkdwn } = textsOf(message)
      for (const one of all) expect(one).not.toMatch(/@(here|channel|everyone)/i)
      for (const one of [...mrkdwn, message.text]) expect(one).not.toMatch(/<[!@#]/)
    })
  })

  test('every link leads to an https address without credentials', () => {
    holds((message) => {
      const { mrkdwn, urls } = textsOf(message)
      for (const address of [...urls, ...[...mrkdwn, message.text].flatMap(addressesIn)]) {
        const { protocol, username } = new URL(address)
        expect([protocol, username]).toEqual(['https:', ''])
      }
    })
  })

  test('its messages show no character that cannot be seen', () => {
    holds((message) => {
      for (const one of textsOf(message).all) expect(one).not.toMatch(UNSEEN)
    })
  })

  test('a command is there as it is, or not at all', () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        const commands = [alert, ...alert.items].map(({ command = '' }) => escapeText(command))
        for (const one of textsOf(compose(alert, 'security')).mrkdwn)
          for (const [, block = ''] of one.matchAll(/```([\s\S]*?)```/g)) expect(commands).toContain(block)
      }),
      { numRuns: 80 },
    )
  })

  test('nothing in its messages is taken for an address or a name by itself', () => {
    holds((message) => {
      const verbatim = JSON.stringify(message).match(/"type":"mrkdwn","text":"(?:[^"\\]|\\.)*","verbatim":true/g) ?? []
      expect(verbatim).toHaveLength(textsOf(message).mrkdwn.length)
      expect(message).toMatchObject({ parse: 'none', link_names: false })
    })
  })

  test('a message has at most 12,000 characters, addresses included, and 50 blocks', () => {
    holds((message) => {
      const { all, urls } = textsOf(message)
      expect([...all, ...urls].reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(12_000)
      const { blocks = [], attachments = [] } = message
      expect(blocks.length + attachments.flatMap((one) => one.blocks).length).toBeLessThanOrEqual(50)
    })
  })
})
