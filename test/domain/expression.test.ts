import { expect, test } from 'vitest'
import { matchesWhole } from '../../functions/domain/expression.ts'

test('an expression takes a text as a whole', () => {
  expect(matchesWhole('[a-z]+-api', 'web-api')).toBe(true)
  expect(matchesWhole('[a-z]+-api', 'web-api-2')).toBe(false)
  expect(matchesWhole('[a-z]+-api', 'web-api')).toBe(true)
})

test('an expression that makes others backtrack for ever is linear', () => {
  expect(matchesWhole('(a+)+b', 'a'.repeat(5_000))).toBe(false)
})
