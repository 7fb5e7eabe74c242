import type { ActionsBlock, ContextBlock, DividerBlock, HeaderBlock, SectionBlock } from '@slack/types'

export type Block = HeaderBlock | SectionBlock | ContextBlock | ActionsBlock | DividerBlock

/** What a webhook is given. */
export type SlackMessage = {
  /** Notification, screen reader; never shown beside blocks. */
  readonly text: string
  readonly blocks?: readonly Block[]
  readonly attachments?: readonly {
    readonly color: string
    readonly fallback: string
    readonly blocks: readonly Block[]
  }[]
  /** No address in a text becomes a link, and no name a mention. */
  readonly parse: 'none'
  readonly link_names: false
  readonly unfurl_links: false
  readonly unfurl_media: false
}
