import type { Alert } from '../../../functions/domain/alert.ts'
import { compose } from '../../../functions/notify/message/compose.ts'
import type { Block } from '../../../functions/notify/message/message.ts'

export const headerOf = (alert: Alert): string => {
  const [block] = compose(alert, 'security').blocks ?? []
  return block?.type === 'header' ? block.text.text : ''
}

export const barOf = (alert: Alert) => {
  const [attachment] = compose(alert, 'security').attachments ?? []
  if (!attachment) throw new Error('no attachment')
  return attachment
}

export const textsOf = (block: Block): string[] => {
  if (block.type === 'section')
    return [...(block.text ? [block.text] : []), ...(block.fields ?? [])].map(({ text }) => text)
  if (block.type === 'context') return block.elements.map((one) => ('text' in one ? one.text : ''))
  return []
}

/** Everything in the bar, a line each. */
export const shown = (alert: Alert): string => barOf(alert).blocks.flatMap(textsOf).join('\n')
