import { type Document, isAlias, isMap, isNode, isScalar, type Pair, visit } from 'yaml'
import { show } from './fault.ts'

/** What is wrong with the text as YAML, and where: an offset. */
export type Misprint = { readonly offset: number; readonly message: string }

export type Misprints = {
  /** Of these, no data can be made. */
  readonly unreadable: readonly Misprint[]
  /** Data can be made, and the rest of it be checked. */
  readonly repeated: readonly Misprint[]
}

/** Longest message of the YAML library that is repeated. */
const MOST_QUOTED = 90

const QUOTES = 'put a pattern that begins with * into quotes, such as "**"'

const ADVICE: Readonly<Record<string, string>> = {
  BAD_ALIAS: `found a lone *: ${QUOTES}`,
  MULTIPLE_DOCS: 'found a second document after ---, expected one',
  RESOURCE_EXHAUSTION: 'nested too deeply, expected a few levels',
  TAB_AS_INDENT: 'found a tab, expected spaces: YAML is indented with spaces only',
  TAG_RESOLVE_FAILED: 'found a tag (a word that begins with !), expected a plain value',
}

export const offsetOfNode = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0)

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** The library's words may quote the text: they pass through `show` like everything that was found. */
const syntaxFaults = ({ errors, warnings }: Document): Misprint[] =>
  [...errors, ...warnings].map(({ code, message, pos }) => ({
    offset: pos[0],
    message: ADVICE[code] ?? `not valid YAML: ${lowerFirst(show(message, MOST_QUOTED).replace(/^"|"$/g, ''))}`,
  }))

/** Linear, unlike the library's own search for equal keys. */
function repeatedKeys(pairs: readonly Pair[], line: (offset: number) => number): Misprint[] {
  const first = new Map<string, number>()
  return pairs.flatMap(({ key }) => {
    if (!isScalar(key)) return []
    const name = String(key.value)
    const offset = offsetOfNode(key)
    const before = first.get(name)
    first.set(name, before ?? offset)
    if (before === undefined) return []
    return [
      { offset, message: `found the key ${show(name)} again, expected it once: the first is in line ${line(before)}` },
    ]
  })
}

const oddKeys = (pairs: readonly Pair[]): Misprint[] =>
  pairs
    .filter(({ key }) => !isScalar(key))
    .map(({ key }) => ({
      offset: offsetOfNode(key),
      message: 'found a key that is not a plain word, expected one of the documented keys',
    }))

/**
 * What YAML does not allow, and what it allows and a configuration cannot mean.
 * Keys that are collections count as unreadable: the library takes exponential time to make text of them.
 * @param line line of an offset
 */
export function misprintsOf(document: Document, line: (offset: number) => number): Misprints {
  const unreadable = syntaxFaults(document)
  const repeated: Misprint[] = []
  if (unreadable.length > 0) return { unreadable, repeated }
  const anchors = new Set<string>()
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        if (anchors.has(node.source)) return
        const message = `found ${show(`*${node.source}`)}, which names no earlier &anchor: ${QUOTES}`
        unreadable.push({ offset: offsetOfNode(node), message })
        return
      }
      if (node.anchor) anchors.add(node.anchor)
      if (!isMap(node)) return
      unreadable.push(...oddKeys(node.items))
      repeated.push(...repeatedKeys(node.items, line))
    },
  })
  return { unreadable, repeated }
}
