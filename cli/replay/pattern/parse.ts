import { isObject, PatternError } from './error.ts'
import { compileField, type FieldTest, RESERVED } from './operators.ts'

/** One way to match: every field, by dotted path, passes its test. */
export type Branch = ReadonlyMap<string, FieldTest>

/** More alternatives than this EventBridge refuses. */
const MOST_BRANCHES = 1_000

function both(a: readonly Branch[], b: readonly Branch[], path: string): Branch[] {
  if (a.length * b.length > MOST_BRANCHES) throw new PatternError(path, '$or gives more than 1000 combinations')
  return a.flatMap((left) =>
    b.map((right) => {
      const twice = [...right.keys()].find((field) => left.has(field))
      if (twice !== undefined) throw new PatternError(path, `the field ${twice} is named twice`)
      return new Map([...left, ...right])
    }),
  )
}

function parseOr(alternatives: unknown, path: string): Branch[] {
  const here = path ? `${path}.$or` : '$or'
  if (!Array.isArray(alternatives)) throw new PatternError(here, '$or takes an array')
  if (alternatives.length < 2) throw new PatternError(here, '$or takes at least two objects')
  return alternatives.flatMap((alternative, i) => {
    if (!isObject(alternative)) throw new PatternError(`${here}[${i}]`, '$or takes objects only')
    const reserved = Object.keys(alternative).find((key) => RESERVED.has(key))
    if (reserved !== undefined)
      throw new PatternError(`${here}[${i}]`, `the reserved word "${reserved}" cannot be a field inside $or`)
    return parseObject(alternative, path)
  })
}

function parseEntry(key: string, value: unknown, path: string): Branch[] {
  if (key === '$or') return parseOr(value, path)
  const here = path ? `${path}.${key}` : key
  if (Array.isArray(value)) return [new Map([[here, compileField(value, here)]])]
  if (isObject(value)) return parseObject(value, here)
  throw new PatternError(here, 'must be an object or an array')
}

function parseObject(pattern: Record<string, unknown>, path: string): Branch[] {
  const entries = Object.entries(pattern)
  if (entries.length === 0) throw new PatternError(path, 'empty objects are not allowed')
  return entries.map(([key, value]) => parseEntry(key, value, path)).reduce((a, b) => both(a, b, path))
}

/**
 * Checks a pattern as EventBridge does and turns it into the ways in which it can match.
 * @throws {PatternError}
 */
export function parsePattern(pattern: unknown): readonly Branch[] {
  if (!isObject(pattern)) throw new PatternError('', 'must be an object')
  return parseObject(pattern, '')
}
