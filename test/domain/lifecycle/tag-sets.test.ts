import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Entry,
  entriesOf,
  includes,
  overlap,
  partsOf,
  takes,
} from '../../../functions/domain/lifecycle/tag-sets.ts'
import { fits } from '../../../functions/domain/wildcard.ts'
import { any, pattern, rule, untagged } from './lints/policies.ts'

const entry = (text: string): Entry => entriesOf({ prefixes: [], patterns: [text] })[0] ?? []

/** Every text of at most `most` of these letters. */
function texts(letters: readonly string[], most: number): readonly string[] {
  let last: readonly string[] = ['']
  const all = [...last]
  for (let length = 1; length <= most; length += 1) {
    last = last.flatMap((text) => letters.map((letter) => text + letter))
    all.push(...last)
  }
  return all
}

const short = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 3 })

describe('tags that fit', () => {
  const all = texts(['a', 'b', 'c'], 6)

  test('one pattern fit another exactly where no text shows the contrary', () => {
    fc.assert(
      fc.property(short, short, (wide, narrow) => {
        const isSo = all.every((text) => !fits(entry(narrow), text) || fits(entry(wide), text))
        expect(includes(entry(wide), entry(narrow))).toBe(isSo)
      }),
      { numRuns: 300 },
    )
  })

  test('both of two patterns are there exactly where a text shows it', () => {
    fc.assert(
      fc.property(short, short, (one, other) => {
        const isSo = all.some((text) => fits(entry(one), text) && fits(entry(other), text))
        expect(overlap(entry(one), entry(other))).toBe(isSo)
      }),
      { numRuns: 300 },
    )
  })

  test('each pattern includes and meets itself', () => {
    fc.assert(
      fc.property(pattern, (text) => {
        expect(includes(entry(text), entry(text))).toBe(true)
        expect(overlap(entry(text), entry(text))).toBe(true)
      }),
    )
  })

  test('a pattern that names every letter includes itself alone', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'
    const long = entry(`${letters}*`)
    expect(includes(long, long)).toBe(true)
    expect(includes(long, entry(`${letters}-*`))).toBe(false)
    expect(includes(long, entry(`${letters.replace('a', 'b')}*`))).toBe(false)
  })

  test.each([
    ['v*', 'v1*', true],
    ['v1*', 'v*', false],
    ['*-rc*', 'v*-rc1', true],
    ['prod', 'prod', true],
    ['prod*', 'prod', true],
    ['*', '*a*b', true],
    ['*a*', '*b*', false],
  ])('%s includes %s: %s', (wide, narrow, isSo) => expect(includes(entry(wide), entry(narrow))).toBe(isSo))

  test('a * in a prefix is a letter', () => {
    const [prefix = []] = entriesOf({ prefixes: ['v*'], patterns: [] })
    expect(includes(prefix, entry('v1'))).toBe(false)
  })
})

describe('a rule takes', () => {
  const both = rule({ prefixes: ['v', 'release-'], patterns: [] })
  test.each([
    ['what it means itself', both, both, true],
    ['not what meets one of its entries alone', both, rule(), false],
    ['what meets more than it asks', rule(), both, true],
    ['everything as any', any(), both, true],
    ['untagged images as any', any(), untagged(), true],
    ['no tagged image as untagged', untagged(), both, false],
    ['no untagged image as tagged', rule({ patterns: ['*'] }), untagged(), false],
  ])('%s', (_, one, of, isSo) => expect(partsOf(of).every((part) => takes(one, part))).toBe(isSo))

  test('any in two parts', () => {
    expect(partsOf(any()).map((part) => takes(untagged(), part))).toEqual([true, false])
    expect(partsOf(any()).map((part) => takes(rule({ patterns: ['*', '**'] }), part))).toEqual([false, true])
  })
})
