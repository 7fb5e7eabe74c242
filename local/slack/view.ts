import { mrkdwn } from './mrkdwn.ts'
import type { Node } from './node.ts'
import type { SlackPayload } from './validate.ts'

type Block = NonNullable<SlackPayload['blocks']>[number]
type Attachment = NonNullable<SlackPayload['attachments']>[number]
type Text = { readonly type: string; readonly text?: string }

/** What of a received message is shown. */
export type Shown = { readonly at: number; readonly channel: string; readonly payload: SlackPayload }

const el = (tag: Exclude<Node, string>['tag'], className: string, children: readonly Node[]): Node => ({
  tag,
  className,
  children,
})

const textOf = ({ type, text = '' }: Text): readonly Node[] => (type === 'mrkdwn' ? mrkdwn(text) : [text])

const sectionOf = (block: Extract<Block, { type: 'section' }>): Node =>
  el('div', 'section', [
    ...(block.text ? [el('div', 'text', textOf(block.text))] : []),
    ...(block.fields
      ? [
          el(
            'div',
            'fields',
            block.fields.map((field) => el('div', 'field', textOf(field))),
          ),
        ]
      : []),
  ])

function blockOf(block: Block): Node {
  switch (block.type) {
    case 'header':
      return el('h3', 'heading', [block.text.text])
    case 'section':
      return sectionOf(block)
    case 'divider':
      return { tag: 'hr' }
    case 'context':
      return el(
        'div',
        'context',
        block.elements.map((one) => el('span', '', 'text' in one ? textOf(one) : [])),
      )
    case 'actions':
      return el('div', 'actions', block.elements.flatMap(buttonOf))
  }
}

function buttonOf(element: Extract<Block, { type: 'actions' }>['elements'][number]): Node[] {
  if (element.type !== 'button') return []
  const isWeb = /^https?:\/\//.test(element.url ?? '')
  return [
    { tag: 'a', className: 'button', children: [element.text.text], ...(isWeb ? { href: element.url as string } : {}) },
  ]
}

const attachmentOf = ({ color, blocks }: Attachment): Node => ({
  tag: 'div',
  className: 'attachment',
  color: /^#[0-9a-f]{6}$/i.test(color) ? color : '#dddddd',
  children: [el('div', 'blocks', blocks.map(blockOf))],
})

/** Hours and minutes as the log has them: UTC, whatever the machine. */
const clockTime = (at: number): string => `${new Date(at).toISOString().slice(11, 16)} UTC`

/** Beside blocks the text is for notifications alone; without any it is the message. */
function bodyOf({ text, blocks, attachments }: SlackPayload): Node[] {
  return [
    ...(blocks?.length ? [el('div', 'blocks', blocks.map(blockOf))] : []),
    ...(!blocks?.length && text ? [el('div', 'text', mrkdwn(text))] : []),
    ...(attachments ?? []).map(attachmentOf),
  ]
}

/** The message as Slack shows one of an app. */
export const viewOf = ({ at, channel, payload }: Shown): Node =>
  el('article', 'message', [
    { tag: 'img', className: 'avatar' },
    el('div', 'content', [
      el('header', 'by', [
        el('b', 'name', ['ecr-steward']),
        el('span', 'badge', ['APP']),
        { tag: 'time', title: new Date(at).toISOString(), children: [clockTime(at)] },
        el('span', 'channel', [`#${channel}`]),
      ]),
      ...bodyOf(payload),
    ]),
  ])
