import { expect, test } from 'vitest'
import { archiveCost, archivingSaves, standardCost } from '../../functions/domain/cost.ts'

const TB = 1_000_000_000_000

test.each([
  [0, 0],
  [1_000_000_000, 0.1],
  [1_234_000_000, 0.1234],
  [150 * TB, 15_000],
])('%d bytes that can be pulled cost %d dollars a month', (bytes, dollars) => {
  expect(standardCost(bytes)).toBe(dollars)
})

test('the archive is cheaper above 150 TB alone', () => {
  expect([archiveCost(150 * TB), archivingSaves(150 * TB)]).toEqual([15_000, 0])
  expect([archiveCost(250 * TB), archivingSaves(250 * TB)]).toEqual([22_000, 3_000])
})
