import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { covers, matches } from '../../functions/domain/pattern.ts'

/** The rules word by word, trying every reading: slow, and plain enough to be believed. */
function plainMatch(pattern: string, name: string): boolean {
  if (pattern === '') return name === ''
  const stars = /^\*+/.exec(pattern)?.[0].length ?? 0
  if (stars === 0) return name[0] === pattern[0] && plainMatch(pattern.slice(1), name.slice(1))
  const rest = pattern.slice(stars)
  if (plainMatch(rest, name)) return true
  return name !== '' && (stars > 1 || name[0] !== '/') && plainMatch(pattern, name.slice(1))
}

const word = (letters: string[], maxLength: number) =>
  fc.array(fc.constantFrom(...letters), { maxLength }).map((list) => list.join(''))

const pattern = word(['a', 'b', '/', '*', '**'], 7)
const name = word(['a', 'b', '/'], 9)

describe('a repository pattern', () => {
  it.each([
    ['**', 'api', true],
    ['**', 'prod/api/web', true],
    ['*', 'api', true],
    ['*', 'prod/api', false],
    ['prod/*', 'prod/api', true],
    ['prod/*', 'prod', false],
    ['prod/*', 'prod/api/web', false],
    ['prod/**', 'prod/api', true],
    ['prod/**', 'prod/api/web', true],
    ['prod/**', 'prod', false],
    ['prod/**', 'production/api', false],
    ['prod**', 'prod', true],
    ['prod**', 'production/api', true],
    ['prod**', 'my-prod', false],
    ['**/api', 'prod/api', true],
    ['**/api', 'a/b/api', true],
    ['**/api', 'api', false],
    ['**api', 'api', true],
    ['team-*/web', 'team-a/web', true],
    ['team-*/web', 'team-/web', true],
    ['team-*/web', 'team-a/b/web', false],
    ['prod/api', 'prod/api', true],
    ['prod/api', 'prod/api2', false],
    ['prod/api', 'prod/ap', false],
    ['***', 'a/b', true],
    ['a*b*c', 'abbc', true],
    ['a*b*c', 'abbd', false],
  ])('%s on %s: %s', (given, repository, expected) => {
    expect(matches(given, repository)).toBe(expected)
  })

  it('takes every character but the star as itself', () => {
    expect(matches('a.b', 'axb')).toBe(false)
    expect(matches('a+', 'aa')).toBe(false)
    expect(matches('[ab]', 'a')).toBe(false)
    expect(matches('!a', 'b')).toBe(false)
    expect(matches('a?', 'ab')).toBe(false)
    expect(matches('\\*', '*')).toBe(false)
  })

  it('tells upper from lower case', () => {
    expect(matches('Prod', 'prod')).toBe(false)
  })

  it('does not trip over names that no registry would have', () => {
    expect(matches('**', '\n💥*/..')).toBe(true)
    expect(matches('*', '\n💥*')).toBe(true)
    expect(matches('a', '*')).toBe(false)
    expect(matches('*', '')).toBe(true)
    expect(matches('', '')).toBe(true)
    expect(matches('', 'a')).toBe(false)
  })

  it('answers as the rules tried one by one', () => {
    fc.assert(
      fc.property(pattern, name, (given, repository) => {
        expect(matches(given, repository)).toBe(plainMatch(given, repository))
      }),
      { numRuns: 3_000 },
    )
  })

  it('answers for patterns that a backtracking matcher would not finish before the sun burns out', () => {
    const name = 'a'.repeat(256)

    expect(matches(`${'*a'.repeat(120)}*b`, name)).toBe(false)
    expect(matches(`${'**a'.repeat(80)}b`, name)).toBe(false)
    expect(matches(`${'*a**'.repeat(60)}/b`, name)).toBe(false)
    expect(matches(`${'*a'.repeat(120)}*`, name)).toBe(true)
    expect(covers(`${'**a*'.repeat(60)}b`, '*a'.repeat(120))).toBe(false)
  })
})

describe('one pattern covers another', () => {
  it.each([
    ['**', 'prod/**', true],
    ['**', '**', true],
    ['prod/**', 'prod/*', true],
    ['prod/**', 'prod/api', true],
    ['prod/**', 'prod/*/web', true],
    ['prod/*', 'prod/api', true],
    ['prod/*', 'prod/a*', true],
    ['prod/*', 'prod/**', false],
    ['prod/**', '**', false],
    ['prod/**', 'prod', false],
    ['*', '*/*', false],
    ['*', '**', false],
    ['prod/api', 'prod/*', false],
    ['a*', 'b*', false],
  ])('%s covers %s: %s', (wide, narrow, expected) => {
    expect(covers(wide, narrow)).toBe(expected)
  })

  it('only where every name of the one is a name of the other', () => {
    fc.assert(
      fc.property(pattern, pattern, fc.array(name, { minLength: 20, maxLength: 20 }), (wide, narrow, names) => {
        fc.pre(covers(wide, narrow))
        for (const each of names.filter((each) => matches(narrow, each))) expect(matches(wide, each)).toBe(true)
      }),
      { numRuns: 500, maxSkipsPerRun: 500 },
    )
  })

  it('always where the two are the same', () => {
    fc.assert(fc.property(pattern, (given) => covers(given, given)))
  })
})
