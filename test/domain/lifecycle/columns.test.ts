import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DigestColumn } from '../../../functions/domain/lifecycle/columns/digests.ts'
import { IdColumn, NumberColumn } from '../../../functions/domain/lifecycle/columns/numbers.ts'
import { TagColumn } from '../../../functions/domain/lifecycle/columns/tags.ts'
import { digestOf } from './images.ts'

/** More than a chunk, and not a whole number of blocks. */
const MANY = 20_000

const rows = Array.from({ length: MANY }, (_, row) => row)

const strange = [
  'sha512:00',
  'sha256:',
  '',
  digestOf(255).toUpperCase(),
  digestOf(255).replace('ff', 'FF'),
  `${digestOf(1).slice(0, -1)}g`,
  `${digestOf(2).slice(0, -1)}é`,
]

test('digests come back as they were given, those of SHA-256 and all others', () => {
  const digest = fc.oneof(fc.nat().map(digestOf), fc.constantFrom(...strange))
  fc.assert(
    fc.property(fc.array(fc.array(digest, { maxLength: 8 }), { maxLength: 5 }), (pages) => {
      const column = new DigestColumn()
      for (const page of pages) column.push(page)
      const all = pages.flat()
      expect(all.map((_, row) => column.get(row))).toEqual(all)
      expect(column.size).toBe(all.length)
      const wanted = new Set([...strange.slice(0, 3), ...all.slice(0, 3)])
      const expected = all.flatMap((one, row) => (wanted.has(one) ? [[row, one]] : []))
      expect([...column.rowsOf(wanted)].toSorted(([a], [b]) => a - b)).toEqual(expected)
      for (const [a, one] of all.entries()) {
        for (const [b, other] of all.entries()) {
          expect(Math.sign(column.compare(a, b))).toBe(one < other ? -1 : Number(one > other))
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('digests go on in the next chunk in the midst of a page', () => {
  const column = new DigestColumn()
  for (let from = 0; from < MANY; from += 999) column.push(rows.slice(from, from + 999).map(digestOf))
  expect(rows.findIndex((row) => column.get(row) !== digestOf(row))).toBe(-1)
  expect([...column.rowsOf(new Set([digestOf(16_384), digestOf(MANY)]))]).toEqual([[16_384, digestOf(16_384)]])
})

test('numbers come back whatever they are', () => {
  const numbers = [
    0,
    1,
    2 ** 32 - 1,
    2 ** 32,
    1_795_165_200_123,
    2 ** 48 - 2,
    2 ** 48 - 1,
    2 ** 48,
    1.5,
    -1,
    -Infinity,
    Infinity,
    NaN,
  ]
  const column = new NumberColumn()
  const at = (row: number): number => numbers[row % numbers.length] as number
  for (const row of rows) column.set(row, at(row))
  expect(rows.findIndex((row) => !Object.is(column.get(row), at(row)))).toBe(-1)
})

test('ids come back, also where there are more than two bytes hold', () => {
  const column = new IdColumn()
  const at = (row: number): number => (row > MANY / 2 ? row * 10 : row)
  for (const row of rows) column.set(row, at(row))
  expect(rows.findIndex((row) => column.get(row) !== at(row))).toBe(-1)
})

test('tags come back, those of a registry and whatever else is called one', () => {
  const tag = fc.oneof(
    fc.stringMatching(/^[\w.-]{1,20}$/),
    fc.constantFrom('', ' ', 'a b', 'a\nb', '\0', 'é', '\u{1f600}', '\ud800'),
  )
  fc.assert(
    fc.property(fc.array(fc.array(tag, { maxLength: 4 }), { minLength: 1, maxLength: 6 }), (some) => {
      const column = new TagColumn()
      const of = (row: number): readonly string[] => some[row % some.length] as string[]
      for (let row = 0; row < 3_000; row++) column.push(of(row))
      for (const row of [0, 1, 2, 1_023, 1_024, 2_047, 2_500, 2_999]) expect(column.get(row)).toEqual(of(row))
    }),
    { numRuns: 60 },
  )
})
