import type { SlackMessage } from '../../functions/notify/message/message.ts'
import { blockFaults, type Fields, isFields, mrkdwnFaults, sizeOf } from './validate-blocks.ts'

/** A message as it came in; what was accepted has the shape of {@link SlackMessage}. */
export type SlackPayload = Partial<SlackMessage>

/** What Slack says to a payload, and what exactly is wrong with it, which Slack would not say. */
export type Verdict = { readonly status: number; readonly body: string; readonly faults: readonly string[] }

/** Undocumented, seen at 13,297 characters: github.com/slackapi/bolt-js/issues/2509. */
const MOST_CHARACTERS = 13_200
const MOST_BLOCKS = 50
const MOST_ATTACHMENTS = 100
const MOST_TEXT = 40_000

const refuse = (body: string, faults: readonly string[]): Verdict => ({ status: 400, body, faults })

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function allBlocks({ blocks, attachments }: Fields): unknown[][] {
  const inside = listOf(attachments).map((one) => (isFields(one) ? [...listOf(one.blocks)] : []))
  return [[...listOf(blocks)], ...inside]
}

function layoutFaults(payload: Fields): string[] {
  const { blocks, attachments } = payload
  if (blocks !== undefined && !Array.isArray(blocks)) return ['blocks: expected a list']
  if (attachments !== undefined && !Array.isArray(attachments)) return ['attachments: expected a list']
  const all = allBlocks(payload)
  const tooMany = all.flat().length > MOST_BLOCKS ? [`${all.flat().length} blocks: at most ${MOST_BLOCKS}`] : []
  return [...tooMany, ...all.flat().flatMap((block, index) => blockFaults(block, `block ${index}`))]
}

const colorFaults = (attachments: readonly unknown[]): string[] =>
  attachments.flatMap((one, index) =>
    isFields(one) && /^(#[0-9a-f]{6}|good|warning|danger)$/i.test(String(one.color ?? 'good'))
      ? []
      : [`attachment ${index}: no attachment, or a colour that is none`],
  )

/**
 * Judges a payload as Slack's incoming webhooks do, for the blocks that we use.
 * @see https://docs.slack.dev/reference/block-kit/blocks
 * @see https://docs.slack.dev/changelog/2016/05/17/changes-to-errors-for-incoming-webhooks
 */
export function judge(payload: unknown): Verdict {
  if (!isFields(payload)) return refuse('invalid_payload', ['not a JSON object'])
  const { text, attachments } = payload
  const blocks = allBlocks(payload).flat()
  if (text !== undefined && typeof text !== 'string') return refuse('invalid_payload', ['text: expected a string'])
  if (!text && blocks.length === 0) return refuse('no_text', ['neither text nor blocks'])
  if (listOf(attachments).length > MOST_ATTACHMENTS) return refuse('too_many_attachments', ['at most 100 attachments'])
  const faults = [...layoutFaults(payload), ...colorFaults(listOf(attachments))]
  if (faults.length > 0) return refuse('invalid_blocks', faults)
  if (sizeOf(blocks) > MOST_CHARACTERS) return refuse('msg_blocks_too_long', [`${sizeOf(blocks)} characters of blocks`])
  const textFaults = text === undefined ? [] : [...mrkdwnFaults(text, 'text')]
  if ((text?.length ?? 0) > MOST_TEXT) return refuse('msg_too_long', [`text: ${text?.length} characters`])
  return textFaults.length > 0 ? refuse('invalid_payload', textFaults) : { status: 200, body: 'ok', faults: [] }
}
