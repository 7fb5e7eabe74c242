import { StateError } from './errors.ts'
import { listIn, selected } from './inline-map.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import type { Distributed, ItemReader } from './map-definition.ts'
import type { Scope } from './path.ts'
import type { Ports } from './ports.ts'

/** What a child is given, and how many items that is. */
export type ChildInput = { readonly input: Json; readonly items: number }

const unreadable = (cause: string): StateError => new StateError('States.ItemReaderFailed', cause)

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable('The object holds what is no JSON.')
  }
}

function itemsIn(text: string, type: ItemReader['type']): readonly Json[] {
  if (type === 'JSONL')
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(parsed)
  const value = parsed(text)
  if (!Array.isArray(value)) throw unreadable('The object holds no list.')
  return value
}

async function readItems({ type, most, parameters }: ItemReader, scope: Scope, ports: Ports): Promise<readonly Json[]> {
  const target = parameters(scope)
  const { Bucket, Key } = isJsonObject(target) ? target : {}
  return itemsIn(await ports.readObject(String(Bucket), String(Key)), type).slice(0, most)
}

/**
 * What the children of a distributed map are given: its items, one by one or in batches.
 * @throws {StateError} States.ItemReaderFailed
 */
export async function childInputs(map: Distributed, scope: Scope, ports: Ports): Promise<readonly ChildInput[]> {
  const read = map.reader
    ? await readItems(map.reader, scope, ports)
    : listIn(map.items ? map.items.read(scope) : scope.input, 'What the map is given')
  const items = read.map((value, index) => selected(map, scope, value, index))
  if (!map.batcher) return items.map((input) => ({ input, items: 1 }))
  const { most, input } = map.batcher
  const shared: JsonObject = input ? { BatchInput: input(scope) } : {}
  return Array.from({ length: Math.ceil(items.length / most) }, (_, n) => {
    const batch = items.slice(n * most, (n + 1) * most)
    return { input: { ...shared, Items: batch }, items: batch.length }
  })
}
