import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'
import { type Path, show } from './fault.ts'
import { createPositions, type Positions } from './positions.ts'

/** What is wrong, and where in the text: an offset. */
export type Misprint = { readonly offset: number; readonly message: string }

export type ParsedYaml = {
  /** Plain data; `undefined` where the text could not be made into any. */
  readonly value: unknown
  readonly misprints: readonly Misprint[]
  /** Offset of the value at the path, or of its key; of the nearest thing around it where the path leads nowhere. */
  offsetOf(path: Path, what?: 'key' | 'value'): number
  readonly position: Positions
}

/** Nobody needs as many in one small file; an alias of aliases of aliases reaches it at once. */
const MOST_ALIASES = 100

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

const offsetOfNode = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0)

function keyMisprint(key: unknown, first: number | undefined) {
  if (!isScalar(key)) return 'found a key that is not a plain word, expected one of the documented keys'
  const name = String(key.value)
  if (first === undefined) return undefined
  return `found the key ${show(name)} again, expected it once: the first is in line ${first}`
}

function keyMisprints(pairs: readonly Pair[], line: (offset: number) => number): Misprint[] {
  const lines = new Map<string, number>()
  return pairs.flatMap(({ key }) => {
    const offset = offsetOfNode(key)
    const name = isScalar(key) ? String(key.value) : ''
    const message = keyMisprint(key, lines.get(name))
    if (!lines.has(name)) lines.set(name, line(offset))
    return message === undefined ? [] : [{ offset, message }]
  })
}

/** What YAML allows and a configuration cannot mean. The library's own search for equal keys is quadratic. */
function oddities(document: Document, line: (offset: number) => number): Misprint[] {
  const found: Misprint[] = []
  const anchors = new Set<string>()
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const message = `found ${show(`*${node.source}`)}, which names no earlier &anchor: ${QUOTES}`
        if (!anchors.has(node.source)) found.push({ offset: offsetOfNode(node), message })
        return
      }
      if (node.anchor) anchors.add(node.anchor)
      if (isMap(node)) found.push(...keyMisprints(node.items, line))
    },
  })
  return found
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** The library's words may quote the text: they pass through `show` like everything that was found. */
const syntaxFaults = ({ errors, warnings }: Document): Misprint[] =>
  [...errors, ...warnings].map(({ code, message, pos }) => ({
    offset: pos[0],
    message: ADVICE[code] ?? `not valid YAML: ${lowerFirst(show(message, MOST_QUOTED).replace(/^"|"$/g, ''))}`,
  }))

/** Pairs by key, indexed once per mapping: a file with many faults looks up many paths. */
function createLookup(): (map: YAMLMap, key: string) => Pair | undefined {
  const indexes = new WeakMap<YAMLMap, Map<string, Pair>>()
  return (map, key) => {
    const index =
      indexes.get(map) ?? new Map(map.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]))
    indexes.set(map, index)
    return index.get(key)
  }
}

function createLocator(document: Document): ParsedYaml['offsetOf'] {
  const lookUp = createLookup()
  return (path, what = 'value') => {
    let node: unknown = document.contents
    for (const [depth, step] of path.entries()) {
      const here = isAlias(node) ? node.resolve(document) : node
      if (isSeq(here)) node = here.items[Number(step)] ?? node
      if (!isMap(here)) continue
      const pair = lookUp(here, String(step))
      if (!pair) break
      const wantsKey = what === 'key' && depth === path.length - 1
      node = wantsKey ? pair.key : (pair.value ?? pair.key)
    }
    return offsetOfNode(node)
  }
}

function toData(document: Document): { value: unknown; misprints: Misprint[] } {
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }), misprints: [] }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    const message = `found more than ${MOST_ALIASES} uses of *aliases, expected fewer: write the values out`
    return { value: undefined, misprints: [{ offset: 0, message }] }
  }
}

function readDocument(document: Document, line: (offset: number) => number): { value: unknown; misprints: Misprint[] } {
  const syntax = syntaxFaults(document)
  if (syntax.length > 0) return { value: undefined, misprints: syntax }
  const odd = oddities(document, line)
  // Keys that are collections take exponential time to become text, so what has any is not converted.
  const convertible = odd.every(({ message }) => message.startsWith('found the key'))
  const { value, misprints } = convertible ? toData(document) : { value: undefined, misprints: [] }
  return { value, misprints: [...odd, ...misprints] }
}

/**
 * Reads one YAML 1.2 document into plain data without custom tags, merge keys or repeated keys.
 * Never throws; work is bounded by the size of the text.
 * @see https://eemeli.org/yaml/#options
 */
export function parseYaml(text: string): ParsedYaml {
  const position = createPositions(text)
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, schema: 'core', merge: false })
  try {
    const { value, misprints } = readDocument(document, (offset) => position(offset).line)
    return { value, misprints, position, offsetOf: createLocator(document) }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const misprints = [{ offset: 0, message: 'nested too deeply, expected a few levels' }]
    return { value: undefined, misprints, position, offsetOf: () => 0 }
  }
}
