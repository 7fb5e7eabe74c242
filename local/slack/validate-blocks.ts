export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const MOST = { header: 150, section: 3_000, field: 2_000, context: 3_000, button: 75, url: 3_000, action: 255 } as const
const MOST_FIELDS = 10
const MOST_ELEMENTS = { context: 10, actions: 25 } as const

/** A control sequence is a link, a mention, a channel or a date: `<…>` with nothing of the kind inside. */
const CONTROL = /<([^<>]*)>/g
const LINK = /^(https?:\/\/|mailto:)[^|\s]+(\|[^|]*)?$/
const REFERENCE = /^([@#][A-Z0-9]+|![a-z]+(\^[^|]*)*)(\|[^|]*)?$/

/** Half a surrogate pair: no JSON of Slack's would carry it. */
const isTorn = (text: string): boolean => !text.isWellFormed()

/** What Slack would show wrongly: stray control characters, halves of entities or of pairs, code that never ends. */
export function mrkdwnFaults(text: string, where: string): string[] {
  const sequences = [...text.matchAll(CONTROL)].map(([, inside]) => inside ?? '')
  const bare = text.replace(CONTROL, '').replace(/^> ?/gm, '')
  return [
    ...sequences.filter((inside) => !LINK.test(inside) && !REFERENCE.test(inside)).map((s) => `${where}: <${s}>`),
    ...(/[<>]/.test(bare) ? [`${where}: a bare < or >`] : []),
    ...(/&(?!amp;|lt;|gt;)/.test(text) ? [`${where}: a bare &`] : []),
    ...(isTorn(text) ? [`${where}: half a surrogate pair`] : []),
    ...(text.split('```').length % 2 === 0 ? [`${where}: a code block that does not end`] : []),
    ...(text.replaceAll('```', '').split('`').length % 2 === 0 ? [`${where}: a code span that does not end`] : []),
  ]
}

type Kinds = readonly ('plain_text' | 'mrkdwn')[]

const EITHER: Kinds = ['plain_text', 'mrkdwn']

function unknownFields(value: Fields, allowed: readonly string[], where: string): string[] {
  return Object.keys(value)
    .filter((key) => !allowed.includes(key))
    .map((key) => `${where}: no field ${key} here`)
}

function textFaults(value: unknown, kinds: Kinds, most: number, where: string): string[] {
  if (!isFields(value)) return [`${where}: expected a text object`]
  const { type, text, emoji, verbatim } = value
  if (type !== 'plain_text' && type !== 'mrkdwn') return [`${where}: unknown type of text`]
  if (!kinds.includes(type)) return [`${where}: ${type} is not allowed here`]
  if (typeof text !== 'string' || text.length === 0) return [`${where}: empty`]
  return [
    ...(text.length > most ? [`${where}: ${text.length} characters, at most ${most}`] : []),
    ...unknownFields(value, type === 'mrkdwn' ? ['type', 'text', 'verbatim'] : ['type', 'text', 'emoji'], where),
    ...([emoji, verbatim].every((flag) => flag === undefined || typeof flag === 'boolean') ? [] : [`${where}: a flag`]),
    ...(type === 'mrkdwn' ? mrkdwnFaults(text, where) : isTorn(text) ? [`${where}: half a surrogate pair`] : []),
  ]
}

function buttonFaults(value: unknown, where: string): string[] {
  if (!isFields(value) || value.type !== 'button') return [`${where}: only buttons are known here`]
  const { text, url, action_id: action = '', style } = value
  const isWeb = url === undefined || (typeof url === 'string' && /^https?:\/\//.test(url) && URL.canParse(url))
  return [
    ...textFaults(text, ['plain_text'], MOST.button, where),
    ...unknownFields(value, ['type', 'text', 'url', 'action_id', 'value', 'style', 'accessibility_label'], where),
    ...(isWeb ? [] : [`${where}: url is no web address`]),
    ...(String(url ?? '').length > MOST.url ? [`${where}: url of more than ${MOST.url} characters`] : []),
    ...(String(action).length > MOST.action ? [`${where}: action_id of more than ${MOST.action} characters`] : []),
    ...(style === undefined || style === 'primary' || style === 'danger' ? [] : [`${where}: unknown style`]),
  ]
}

function sectionFaults({ text, fields }: Fields, where: string): string[] {
  if (text === undefined && fields === undefined) return [`${where}: a section has text or fields`]
  const list = fields === undefined ? [] : fields
  if (!Array.isArray(list)) return [`${where}: fields is no list`]
  return [
    ...(text === undefined ? [] : textFaults(text, EITHER, MOST.section, `${where}.text`)),
    ...(fields !== undefined && (list.length < 1 || list.length > MOST_FIELDS)
      ? [`${where}: ${list.length} fields`]
      : []),
    ...list.flatMap((field, index) => textFaults(field, EITHER, MOST.field, `${where}.fields[${index}]`)),
  ]
}

const elementsFaults =
  (kind: 'context' | 'actions', judge: (element: unknown, where: string) => string[]) =>
  ({ elements }: Fields, where: string): string[] => {
    if (!Array.isArray(elements)) return [`${where}: elements is no list`]
    const count = elements.length
    return [
      ...(count < 1 || count > MOST_ELEMENTS[kind] ? [`${where}: ${count} elements`] : []),
      ...elements.flatMap((element, index) => judge(element, `${where}.elements[${index}]`)),
    ]
  }

type BlockRule = { readonly fields: readonly string[]; readonly judge: (block: Fields, where: string) => string[] }

/** The blocks that we use; the sink knows no others, as our messages should have no others. */
const BLOCKS: Readonly<Record<string, BlockRule>> = {
  header: {
    fields: ['text'],
    judge: ({ text }, where) => textFaults(text, ['plain_text'], MOST.header, where),
  },
  section: { fields: ['text', 'fields', 'expand'], judge: sectionFaults },
  divider: { fields: [], judge: () => [] },
  context: {
    fields: ['elements'],
    judge: elementsFaults('context', (one, where) => textFaults(one, EITHER, MOST.context, where)),
  },
  actions: { fields: ['elements'], judge: elementsFaults('actions', buttonFaults) },
}

/** What is wrong with one block, each fault with the place where it is. */
export function blockFaults(block: unknown, where: string): string[] {
  if (!isFields(block)) return [`${where}: expected an object`]
  const type = String(block.type)
  const rule = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined
  if (!rule) return [`${where}: unknown type ${type}`]
  const place = `${where} (${type})`
  return [...unknownFields(block, ['type', 'block_id', ...rule.fields], place), ...rule.judge(block, place)]
}

/** Characters of all texts and addresses in a list of blocks. */
export function sizeOf(value: unknown, key = ''): number {
  if (typeof value === 'string') return key === 'text' || key === 'url' ? value.length : 0
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + sizeOf(one), 0)
  if (!isFields(value)) return 0
  return Object.entries(value).reduce((sum, [name, inner]) => sum + sizeOf(inner, name), 0)
}
