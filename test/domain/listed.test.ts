import { expect, test } from 'vitest'
import { listed } from '../../functions/domain/listed.ts'

test('a few names are listed, of many the first, and how many more there are', () => {
  expect(listed([])).toBe('')
  expect(listed(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, d, e')
  expect(listed(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d, e and 1 more')
  expect(listed(['a', 'b', 'c'], 1)).toBe('a and 2 more')
})
