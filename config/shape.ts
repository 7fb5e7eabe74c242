import { type Path, show } from './fault.ts'
import { EXAMPLES } from './schema.ts'
import { unknownKey } from './unknown-key.ts'

/** As much of a schema as says which keys there are. */
export type Shape = {
  readonly type: string
  readonly entries?: Readonly<Record<string, Shape>>
  readonly item?: Shape
  readonly value?: Shape
  readonly wrapped?: Shape
  /** Of a union: a word or a mapping. Of a picklist, words. */
  readonly options?: readonly (Shape | string)[]
  /** What to write where it is missing. */
  readonly example?: string
}

/** A fault at a path; `at` says whether its key or its value is to be shown. */
export type PathFault = { readonly path: Path; readonly message: string; readonly at: 'key' | 'value' }

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Words that every JavaScript object answers to: the schema library drops them from a mapping without a word. */
const isReserved = (key: string): boolean => key in Object.prototype || key === 'prototype'

const reservedFaults = (value: Record<string, unknown>, path: Path): PathFault[] =>
  Object.keys(value)
    .filter(isReserved)
    .map((key) => ({
      path: [...path, key],
      message: `found ${show(key)}, expected another name: this word is reserved`,
      at: 'key',
    }))

const exampleOf = (key: string, shape: Shape | undefined): string =>
  shape?.example === undefined ? (EXAMPLES[key] ?? key) : `${key}: ${shape.example}`

/** The option of a union that speaks of mappings. */
const mappingOf = ({ options = [] }: Shape): Shape | undefined =>
  options.find((option): option is Shape => typeof option !== 'string' && option.entries !== undefined)

/** Keys that a message names. */
const MOST_KEYS = 10

const inWords = (keys: readonly string[]): string =>
  keys.length > MOST_KEYS ? 'a mapping' : `a mapping with ${keys.join(', ')}`

function keyFaults(entries: Readonly<Record<string, Shape>>, value: Record<string, unknown>, path: Path): PathFault[] {
  const known = Object.keys(entries)
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(entries, key))
  const missing = known.filter((key) => entries[key]?.type !== 'optional' && !Object.hasOwn(value, key))
  return [
    ...unknown.map((key) => ({ path: [...path, key], message: unknownKey(key, known, path), at: 'key' as const })),
    ...missing.map((key) => ({
      path: [...path, key],
      message: `missing, expected ${exampleOf(key, entries[key])}`,
      at: 'key' as const,
    })),
  ]
}

/**
 * Every key that is unknown or missing, and every list where keys belong.
 * The schema library stops at the first unknown key of a mapping, and takes a list for a mapping.
 */
export function shapeFaults(shape: Shape, value: unknown, path: Path = []): PathFault[] {
  if (shape.wrapped) return value === undefined ? [] : shapeFaults(shape.wrapped, value, path)
  const mapping = mappingOf(shape)
  if (mapping) return isMapping(value) ? shapeFaults(mapping, value, path) : []
  if (Array.isArray(value)) {
    const { item } = shape
    if (item) return value.flatMap((entry, index) => shapeFaults(item, entry, [...path, index]))
    const keys = shape.entries ? inWords(Object.keys(shape.entries)) : 'a mapping'
    return shape.entries || shape.value
      ? [{ path, message: `found ${show(value)}, expected ${keys}`, at: 'value' }]
      : []
  }
  if (!isMapping(value)) return []
  const { entries = {}, value: every } = shape
  const own = shape.entries ? keyFaults(entries, value, path) : reservedFaults(value, path)
  const inner = Object.entries(value).flatMap(([key, entry]) => {
    const next = every ?? (Object.hasOwn(entries, key) ? entries[key] : undefined)
    return next ? shapeFaults(next, entry, [...path, key]) : []
  })
  return [...own, ...inner]
}
