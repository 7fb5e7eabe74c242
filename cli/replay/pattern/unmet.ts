import { describe } from '../../../functions/events/invalid-event.ts'
import { isObject } from './error.ts'
import { flatten } from './flatten.ts'
import { compilePattern } from './matcher.ts'

/** Values of a list that are told. */
const MOST = 6

function listed(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join('')
  const shown = words.length > MOST ? [...words.slice(0, MOST), `${words.length - MOST} more`] : words
  return `${shown.slice(0, -1).join(', ')} ${last} ${shown.at(-1)}`
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** A condition as it reads behind «expected». */
const WORDS: Readonly<Record<string, (operand: unknown) => string>> = {
  exists: (operand) => (operand === false ? 'nothing' : 'something'),
  prefix: (operand) => `what begins with ${textOf(operand)}`,
  wildcard: (operand) => `what is like ${textOf(operand)}`,
  numeric: (operand) => (Array.isArray(operand) ? operand.join(' ') : textOf(operand)),
  'anything-but': (operand) => `anything but ${listed([operand].flat().map(textOf), 'and')}`,
}

function conditionInWords(condition: unknown): string {
  if (!isObject(condition)) return textOf(condition)
  const [operator = '', operand] = Object.entries(condition)[0] ?? []
  return WORDS[operator]?.(operand) ?? JSON.stringify(condition)
}

const inWords = (conditions: readonly unknown[]): string => listed(conditions.map(conditionInWords), 'or')

function foundAt(event: object, path: string): string {
  const values =
    flatten(event)
      .get(path)
      ?.map(({ value }) => value) ?? []
  return values.length > 1 ? values.slice(0, 5).map(describe).join(', ') : describe(values[0])
}

/** The pattern that asks for one thing alone, at its place. */
const alone = (keys: readonly string[], value: unknown): unknown =>
  keys.reduceRight((inner, key) => ({ [key]: inner }), value)

/** Every field that the alternatives of an `$or` name, with what it has to be. */
function alternatives(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return [`${path} ${inWords(value)}`]
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => alternatives(inner, path === '' ? key : `${path}.${key}`))
}

function unmetIn(event: object, pattern: Readonly<Record<string, unknown>>, keys: readonly string[]): string[] {
  return Object.entries(pattern).flatMap(([key, value]) => {
    const here = [...keys, key]
    if (isObject(value)) return unmetIn(event, value, here)
    if (!Array.isArray(value) || compilePattern(alone(here, value))(event)) return []
    if (key === '$or') return [`none of these: ${value.flatMap((one) => alternatives(one, keys.join('.'))).join(', ')}`]
    const path = here.join('.')
    return [`${path}: expected ${inWords(value)}, found ${foundAt(event, path)}`]
  })
}

/** What an event does not have that a pattern asks for, in words of the pattern; empty where it matches. Values are fit for a line. */
export function unmetBy(event: object, pattern: Readonly<Record<string, unknown>>): readonly string[] {
  if (compilePattern(pattern)(event)) return []
  const unmet = unmetIn(event, pattern, [])
  return unmet.length > 0 ? unmet : ['no element of its list meets all that is asked for']
}
