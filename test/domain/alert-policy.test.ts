import { expect, it } from 'vitest'
import { policyFor } from '../../functions/domain/alert-policy.ts'
import { policy } from '../builders.ts'

const policyOf = (...repositories: string[]) => policy({ repositories })

it('takes the first entry that matches, not the closest one', () => {
  const wide = policyOf('prod/**')
  const narrow = policyOf('prod/api')

  expect(policyFor([wide, narrow], 'prod/api')).toBe(wide)
  expect(policyFor([narrow, wide], 'prod/api')).toBe(narrow)
})

it('takes an entry by any of its patterns', () => {
  const entry = policyOf('team-a/*', 'team-b/*')

  expect(policyFor([policyOf('prod/**'), entry], 'team-b/web')).toBe(entry)
})

it('finds none for a repository that no entry matches', () => {
  expect(policyFor([policyOf('prod/**')], 'dev/api')).toBeUndefined()
  expect(policyFor([], 'dev/api')).toBeUndefined()
})
