import type { ActionsBlock, ContextBlock, DividerBlock, HeaderBlock, SectionBlock } from '@slack/types'
import { cut, httpsUrl } from './text.ts'

/**
 * Blocks within Slack's limits.
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
const HEADER = 150
const BUTTON = 75

/** Slack would make links and mentions of bare text, were it not for `verbatim`. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true }) as const

export const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: cut(text, HEADER), emoji: false },
})

/** @param text mrkdwn, at most 3,000 characters */
export const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text) })

/** Two columns. @param texts mrkdwn, at most 10 of 2,000 characters */
export const fields = (texts: readonly string[]): SectionBlock => ({ type: 'section', fields: texts.map(mrkdwn) })

/** Small print. @param texts mrkdwn, at most 10 */
export const context = (texts: readonly string[]): ContextBlock => ({ type: 'context', elements: texts.map(mrkdwn) })

export const divider: DividerBlock = { type: 'divider' }

/** Characters of all addresses in one row of buttons: they count for the message like its texts. */
const ADDRESSES = 2_500

/** Buttons that open a page; what is no https address has none. */
export function buttons(links: readonly { readonly text: string; readonly url: string }[]): ActionsBlock[] {
  let left = ADDRESSES
  const elements = links.flatMap(({ text, url }, index) => {
    const address = httpsUrl(url)
    if (address === undefined || address.length > left) return []
    left -= address.length
    const label = { type: 'plain_text', text: cut(text, BUTTON) || 'Open', emoji: false } as const
    return [{ type: 'button', text: label, url: address, action_id: `open-${index}` } as const]
  })
  return elements.length === 0 ? [] : [{ type: 'actions', elements }]
}
