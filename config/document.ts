import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from 'yaml'
import type { Path } from './fault.ts'
import { type Misprint, misprintsOf, offsetOfNode } from './misprints.ts'
import { createPositions, type Positions } from './positions.ts'

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

/** @throws {ReferenceError} by the library, where aliases are used too often */
const toData = (document: Document): unknown => document.toJS({ maxAliasCount: MOST_ALIASES })

function read(text: string, position: Positions): ParsedYaml {
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, schema: 'core', merge: false })
  const { unreadable, repeated } = misprintsOf(document, (offset) => position(offset).line)
  const value = unreadable.length === 0 ? toData(document) : undefined
  return { value, misprints: [...unreadable, ...repeated], position, offsetOf: createLocator(document) }
}

/** What the library throws for a text that is made to exhaust it. */
function exhaustion(error: unknown): string {
  if (error instanceof RangeError) return 'nested too deeply, expected a few levels'
  if (error instanceof ReferenceError) {
    return `found more than ${MOST_ALIASES} uses of *aliases, expected fewer: write the values out`
  }
  throw error
}

/**
 * Reads one YAML 1.2 document into plain data without custom tags, merge keys or repeated keys.
 * Work is bounded by the size of the text, and so is what becomes of aliases.
 * @see https://eemeli.org/yaml/#options
 */
export function parseYaml(text: string): ParsedYaml {
  const position = createPositions(text)
  try {
    return read(text, position)
  } catch (error) {
    const misprints = [{ offset: 0, message: exhaustion(error) }]
    return { value: undefined, misprints, position, offsetOf: () => 0 }
  }
}
