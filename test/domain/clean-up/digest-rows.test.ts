import { expect, test } from 'vitest'
import { DigestRows } from '../../../functions/domain/clean-up/digest-rows.ts'
import { digestOf } from './images.ts'

test('digests are found by their rows and rows by their digests, however many, also those of other algorithms', () => {
  const rows = new DigestRows()
  const digests = Array.from({ length: 5_000 }, (_, n) => (n % 100 === 99 ? `sha512:${n}` : digestOf(`i${n}`)))
  for (let at = 0; at < digests.length; at += 1_700) rows.push(digests.slice(at, at + 1_700))
  expect(rows.size).toBe(5_000)
  expect(digests.map((_, row) => rows.get(row))).toEqual(digests)
  expect(digests.map((digest) => rows.rowOf(digest))).toEqual(digests.map((_, row) => row))
  expect(
    Array.from({ length: 5_000 }, (_, n) => rows.rowOf(digestOf(`j${n}`))).filter((row) => row !== undefined),
  ).toEqual([])
})

test('two digests of the same hash are two', () => {
  const [one, other] = [digestOf('i15288'), digestOf('i35463')]
  const rows = new DigestRows()
  rows.push([one])
  expect(rows.rowOf(other)).toBeUndefined()
  rows.push([other])
  expect([rows.rowOf(one), rows.rowOf(other)]).toEqual([0, 1])
})
