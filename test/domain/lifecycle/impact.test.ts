import { expect, test } from 'vitest'
import { evaluate } from '../../../functions/domain/lifecycle/evaluate.ts'
import { impactOf } from '../../../functions/domain/lifecycle/impact.ts'
import { any, images, keep, numbered } from './lints/policies.ts'

test('what a policy does is counted, with the bytes that expire', () => {
  const all = images(...numbered('v', 5))
  const impact = (action: 'expire' | 'archive') =>
    impactOf(evaluate([any({ count: keep(2), action })], all, new Map(), new Date('2026-11-25')))
  expect(impact('expire')).toEqual({ images: 5, expire: 3, archive: 0, expireBytes: 3_000 })
  expect(impactOf([])).toEqual({ images: 0, expire: 0, archive: 0, expireBytes: 0 })
})
