import type { Node } from './node.ts'

/**
 * Slack's mrkdwn, the part that our messages use: bold, italic, strike, code, links, quotes, line breaks and entities.
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

const decode = (text: string): string => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)

type Rule = { readonly pattern: RegExp; readonly make: (match: RegExpExecArray) => Node }

const isWeb = (href: string): boolean => /^https?:\/\//.test(href)

/** `<https://…|text>`, and what would have rung somebody. */
function control(inside: string): Node {
  const bar = inside.indexOf('|')
  const target = decode(bar < 0 ? inside : inside.slice(0, bar))
  const label = decode(bar < 0 ? inside : inside.slice(bar + 1))
  if (isWeb(target)) return { tag: 'a', href: target, children: [label] }
  return { tag: 'mark', children: [label.replace(/^!/, '@')] }
}

/** A sign formats only around words: it stands after the start, a space or a bracket, and before the same or an end. */
const around = (sign: string): RegExp =>
  new RegExp(`(?<=^|[\\s(\\[{*_~>•])${sign}(?! )([^${sign}\\n]+?)(?<! )${sign}(?=$|[\\s)\\]}.,;:!?*_~…])`, 'u')

const RULES: readonly Rule[] = [
  { pattern: /```\n?([\s\S]+?)\n?```/, make: ([, text = '']) => ({ tag: 'pre', children: [decode(text)] }) },
  { pattern: /`([^`\n]+)`/, make: ([, text = '']) => ({ tag: 'code', children: [decode(text)] }) },
  { pattern: /<([^<>]+)>/, make: ([, inside = '']) => control(inside) },
  { pattern: around('\\*'), make: ([, text = '']) => ({ tag: 'b', children: inline(text) }) },
  { pattern: around('_'), make: ([, text = '']) => ({ tag: 'i', children: inline(text) }) },
  { pattern: around('~'), make: ([, text = '']) => ({ tag: 's', children: inline(text) }) },
]

/** The rule that matches first in the text; of two at one place the earlier in the list. */
function firstMatch(text: string): { rule: Rule; match: RegExpExecArray } | undefined {
  let first: { rule: Rule; match: RegExpExecArray } | undefined
  for (const rule of RULES) {
    const match = rule.pattern.exec(text)
    if (match && (!first || match.index < first.match.index)) first = { rule, match }
  }
  return first
}

function inline(text: string): Node[] {
  const nodes: Node[] = []
  let rest = text
  for (let found = firstMatch(rest); found; found = firstMatch(rest)) {
    const { rule, match } = found
    nodes.push(...lines(rest.slice(0, match.index)), rule.make(match))
    rest = rest.slice(match.index + match[0].length)
  }
  return [...nodes, ...lines(rest)]
}

const lines = (text: string): Node[] =>
  text
    .split('\n')
    .flatMap((line, index) => [...(index > 0 ? [{ tag: 'br' } as const] : []), ...(line ? [decode(line)] : [])])

/** Lines that begin with `>` are a quote. */
const QUOTE = /^(?:>|&gt;) ?(.*)$/

/** The nodes that a mrkdwn text is shown as. */
export function mrkdwn(text: string): Node[] {
  const nodes: Node[] = []
  const plain: string[] = []
  const flush = (): void => {
    if (plain.length > 0) nodes.push(...inline(plain.splice(0).join('\n')))
  }
  for (const line of text.split('\n')) {
    const quoted = QUOTE.exec(line)?.[1]
    if (quoted === undefined) plain.push(line)
    else {
      flush()
      nodes.push({ tag: 'blockquote', children: inline(quoted) })
    }
  }
  flush()
  return nodes
}
