import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ANY, fits, ONE, type Token } from '../../functions/domain/wildcard.ts'

const escaped = (token: Token): string => {
  if (token === ANY) return '.*'
  return token === ONE ? '.' : `\\${String(token)}`
}

test('tokens fit what a regular expression of the same meaning takes', () => {
  const letter = fc.constantFrom(...'-./')
  const token: fc.Arbitrary<Token> = fc.oneof(letter, fc.constantFrom(ANY, ONE))
  const property = fc.property(
    fc.array(token, { maxLength: 8 }),
    fc.array(letter, { maxLength: 8 }),
    (tokens, text) => {
      expect(fits(tokens, text.join(''))).toBe(new RegExp(`^${tokens.map(escaped).join('')}$`).test(text.join('')))
    },
  )
  fc.assert(property, { numRuns: 2_000 })
})

test('no pattern takes long', () => {
  const tokens = Array.from({ length: 200 }, (_, n): Token => (n % 2 ? ANY : 'a'))
  expect(fits([...tokens, 'b'], 'a'.repeat(10_000))).toBe(false)
})
