import fc from 'fast-check'
import { expect, it } from 'vitest'
import { counted, grouped } from '../../functions/domain/counted.ts'

it('groups digits as everybody does', () => {
  fc.assert(
    fc.property(fc.integer(), (count) => {
      expect(grouped(count)).toBe(count.toLocaleString('en-US'))
    }),
  )
})

it.each([
  [0, '0 images'],
  [1, '1 image'],
  [1_200, '1,200 images'],
])('counts %d', (count, text) => {
  expect(counted(count, 'image')).toBe(text)
})

it('takes a plural that has its own form', () => {
  expect(counted(2, 'repository', 'repositories')).toBe('2 repositories')
})
