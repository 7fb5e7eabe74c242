import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPositions } from '../../config/positions.ts'

test.each([
  ['', 0, 1, 1],
  ['abc', 2, 1, 3],
  ['a\nb\n', 2, 2, 1],
  ['a\nb\n', 4, 3, 1],
  ['a', 99, 1, 2],
])('in %j, offset %i is line %i, column %i', (text, offset, line, column) => {
  expect(createPositions(text)(offset)).toEqual({ line, column })
})

test('every offset is where splitting the text into lines puts it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', 'é') }), fc.nat(40), (text, offset) => {
      const lines = text.slice(0, offset).split('\n')
      expect(createPositions(text)(offset)).toEqual({ line: lines.length, column: (lines.at(-1) ?? '').length + 1 })
    }),
  )
})
