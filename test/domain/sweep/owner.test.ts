import { expect, test } from 'vitest'
import { ownerOf } from '../../../functions/domain/sweep/owner.ts'

const owner = (repository: string, tags: Record<string, string> = {}) => ownerOf({ repository }, tags, 'Owner')

test('its tag says whose a repository is, else the first part of its name', () => {
  expect(owner('prod/api', { Owner: ' payments ' })).toBe('payments')
  expect(owner('prod/api', { Owner: ' ' })).toBe('prod')
  expect(owner('prod/api', { owner: 'other' })).toBe('prod')
  expect(owner('api')).toBe('unowned')
  expect(owner('api', { Owner: 'x'.repeat(300) })).toHaveLength(256)
})
