import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern, PatternError } from '../../../cli/replay/pattern/matcher.ts'

type Vector = { about: string; doc: string; pattern: object; event: object; matches: boolean }

const vectors: Vector[] = JSON.parse(readFileSync(join(import.meta.dirname, 'pattern-vectors.json'), 'utf8'))

describe('event patterns match as the EventBridge documentation says', () => {
  test.each(vectors.map((vector, i) => ({ ...vector, i })))(
    '$i: $about ($doc): $matches',
    ({ pattern, event, matches }) => {
      expect(compilePattern(pattern)(event)).toBe(matches)
    },
  )
})

const refused: [string, unknown, RegExp][] = [
  ['a pattern that is no object', [], /must be an object/],
  ['an empty pattern', {}, /empty objects/],
  ['an empty object inside', { detail: {} }, /at detail: empty objects/],
  ['an empty array', { detail: { state: [] } }, /at detail.state: empty arrays/],
  ['a value outside an array', { source: 'aws.ecr' }, /at source: must be an object or an array/],
  ['an array inside an array', { source: [['aws.ecr']] }, /at source\[0\]: an array inside/],
  ['an unknown operator', { source: [{ contains: 'ecr' }] }, /at source\[0\]: unknown operator "contains"/],
  ['an operator that every object has', { source: [{ toString: 'x' }] }, /unknown operator "toString"/],
  ['no operator', { source: [{}] }, /operator is missing/],
  ['two operators in one expression', { source: [{ prefix: 'a', suffix: 'b' }] }, /only one operator/],
  ['a prefix that is no text', { source: [{ prefix: 1 }] }, /"prefix" takes a string/],
  ['a suffix with an unknown inner operator', { source: [{ suffix: { wildcard: 'x' } }] }, /"suffix" takes/],
  ['a wildcard that is no text', { source: [{ wildcard: ['x'] }] }, /"wildcard" takes a string/],
  ['consecutive wildcards', { source: [{ wildcard: 'a**b' }] }, /consecutive wildcard/],
  ['a backslash before another character', { source: [{ wildcard: 'a\\b' }] }, /backslash/],
  ['a backslash at the end', { source: [{ wildcard: 'a\\' }] }, /backslash/],
  ['a numeric that is no array', { n: [{ numeric: '>0' }] }, /"numeric" takes an array/],
  ['a numeric without value', { n: [{ numeric: ['>'] }] }, /one comparison, or the two/],
  ['an unknown comparison', { n: [{ numeric: ['!=', 1] }] }, /"!=" is not one of/],
  ['a comparison with text', { n: [{ numeric: ['>', '1'] }] }, /"1" is not a number/],
  ['a comparison beyond the limits', { n: [{ numeric: ['>', 5e9 + 1] }] }, /not a number between/],
  ['a range of the wrong way round', { n: [{ numeric: ['<', 1, '>', 0] }] }, /a range is/],
  ['a range without room', { n: [{ numeric: ['>', 5, '<', 5] }] }, /bottom of a range/],
  ['a block that is none', { ip: [{ cidr: '10.0.0.0' }] }, /not an address block/],
  ['a block with too many bits', { ip: [{ cidr: '10.0.0.0/33' }] }, /not an address block/],
  ['an exists without true or false', { d: [{ exists: 'yes' }] }, /"exists" takes true or false/],
  ['anything-but of both kinds', { d: [{ 'anything-but': ['a', 1] }] }, /of strings or of numbers/],
  ['anything-but of nothing', { d: [{ 'anything-but': [] }] }, /empty list/],
  ['anything-but of null', { d: [{ 'anything-but': null }] }, /takes strings and numbers/],
  ['anything-but of an empty prefix', { d: [{ 'anything-but': { prefix: '' } }] }, /empty string/],
  ['anything-but of an unsupported operator', { d: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] }, /not supported in/],
  ['$or that is no array', { $or: { a: [1] } }, /\$or takes an array/],
  ['$or of one', { $or: [{ a: [1] }] }, /at least two/],
  ['$or of something else', { $or: [{ a: [1] }, 'b'] }, /objects only/],
  ['$or with a reserved word', { $or: [{ prefix: ['a'] }, { b: [1] }] }, /reserved word "prefix"/],
  ['a field inside and outside of $or', { a: [1], $or: [{ a: [2] }, { b: [1] }] }, /named twice/],
]

describe('event patterns are refused as EventBridge refuses them', () => {
  test.each(refused)('%s', (_, pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError)
    expect(() => compilePattern(pattern)).toThrow(message)
  })

  test('more than a thousand combinations of $or', () => {
    const or = (field: string) => ({ $or: Array.from({ length: 11 }, (_, i) => ({ [`${field}${i}`]: [1] })) })
    expect(() => compilePattern({ a: or('x'), b: or('y'), c: or('z') })).toThrow(/1000 combinations/)
  })
})

const key = fc.stringMatching(/^[a-z]{1,4}$/)
const leaf = fc.oneof(fc.string(), fc.integer({ min: -1000, max: 1000 }), fc.boolean(), fc.constant(null))
const event = fc.letrec<{ object: object; value: unknown }>((tie) => ({
  object: fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 4 }),
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(leaf, { minLength: 1, maxLength: 3 }), tie('object')),
})).object

/** A pattern that asks for exactly what is there. */
const patternOf = (value: object): object =>
  Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      Array.isArray(inner) ? inner : typeof inner === 'object' && inner !== null ? patternOf(inner) : [inner],
    ]),
  )

describe('properties of event patterns', () => {
  test('a pattern made from an event matches it', () => {
    fc.assert(fc.property(event, (given) => compilePattern(patternOf(given))(given)))
  })

  test('more fields in the event change nothing', () => {
    fc.assert(
      fc.property(event, fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), leaf), (given, more) =>
        compilePattern(patternOf(given))({ ...given, ...more }),
      ),
    )
  })

  test('anything-but is the complement of the value, for one value', () => {
    fc.assert(
      fc.property(leaf, fc.oneof(fc.string(), fc.integer()), (value, refusedValue) => {
        const is = compilePattern({ a: [refusedValue] })({ a: value })
        const isNot = compilePattern({ a: [{ 'anything-but': refusedValue }] })({ a: value })
        expect(isNot).toBe(!is)
      }),
    )
  })

  test('anything-but is the complement of an operator on text', () => {
    const operator = fc.constantFrom('prefix', 'suffix', 'equals-ignore-case', 'wildcard')
    const part = fc.stringMatching(/^[aAbB]{1,3}$/)
    fc.assert(
      fc.property(fc.stringMatching(/^[aAbB]{0,5}$/), operator, part, (text, name, operand) => {
        const is = compilePattern({ a: [{ [name]: operand }] })({ a: text })
        expect(compilePattern({ a: [{ 'anything-but': { [name]: operand } }] })({ a: text })).toBe(!is)
      }),
    )
  })

  test('exists true and exists false are complements', () => {
    fc.assert(
      fc.property(event, key, (given, name) => {
        const exists = (wanted: boolean) => compilePattern({ [name]: [{ exists: wanted }] })(given)
        expect(exists(true)).toBe(!exists(false))
      }),
    )
  })

  test('$or matches when one of its parts does', () => {
    fc.assert(
      fc.property(event, leaf, leaf, (given, a, b) => {
        const alone = (field: string, value: unknown) => compilePattern({ [field]: [value] })(given)
        expect(compilePattern({ $or: [{ a: [a] }, { b: [b] }] })(given)).toBe(alone('a', a) || alone('b', b))
      }),
    )
  })

  test('a wildcard agrees with a regular expression', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*]{0,6}$/), fc.stringMatching(/^[ab]{0,8}$/), (raw, text) => {
        const pattern = raw.replace(/\*+/g, '*')
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text)
        expect(compilePattern({ a: [{ wildcard: pattern }] })({ a: text })).toBe(expected)
      }),
    )
  })
})
