import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BYTES, bytesText, parseBytes, roughBytes } from '../../functions/domain/bytes.ts'

test.each([
  ['0 B', 0],
  ['500 MB', 500_000_000],
  ['1.5 GB', 1_500_000_000],
  ['2GB', 2_000_000_000],
  ['64 KB', 64_000],
  ['64 kB', 64_000],
  ['1.234567 TB', 1_234_567_000_000],
])('%s is read as %i bytes', (text, bytes) => {
  expect(BYTES.test(text)).toBe(true)
  expect(parseBytes(text)).toBe(bytes)
})

test.each(['500', '1 GiB', '-1 MB', '1,5 GB', 'GB', '1e3 MB', '1.  MB', ' 1 MB', ''])('%j is no size', (text) => {
  expect(BYTES.test(text)).toBe(false)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000_000_000, '1 GB'],
  [1_500_000, '1.5 MB'],
  [1_234_567_891, '1234.567891 MB'],
])('%i bytes are written as %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

test('what is written is what is read', () => {
  fc.assert(
    fc.property(fc.nat(900_000_000_000), (bytes) => {
      expect(bytesText(bytes)).toMatch(BYTES)
      expect(parseBytes(bytesText(bytes))).toBe(bytes)
    }),
  )
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1 kB'],
  [123_456_789, '123 MB'],
  [14_480_000_000, '14.5 GB'],
  [2_000_000_000_000_000, '2000 TB'],
])('%i measured bytes are %s', (bytes, text) => {
  expect(roughBytes(bytes)).toBe(text)
})
