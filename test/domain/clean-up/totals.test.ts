import { expect, test } from 'vitest'
import { totalsOf } from '../../../functions/domain/clean-up/totals.ts'
import { planItem } from './plans.ts'

test('what is freed is summed up by what is done; archiving saves nothing that is worth it', () => {
  const items = [
    planItem({ sizeBytes: 2_000_000_000 }),
    planItem({ sizeBytes: 1_000_000_000 }),
    planItem({ sizeBytes: 5_000_000_000, action: 'archive' }),
  ]
  expect(totalsOf(items)).toEqual({
    delete: { images: 2, bytes: 3_000_000_000, dollarsPerMonth: 0.3 },
    archive: { images: 1, bytes: 5_000_000_000, dollarsPerMonth: 0 },
  })
})
