import { expect, test } from 'vitest'
import { impactOf } from '../../../functions/domain/lifecycle/impact.ts'
import { any, images, keep, numbered } from './lints/policies.ts'

const NOW = new Date('2026-11-25T12:00:00Z')

test('what a policy does is counted, with the bytes that expire', () => {
  const evidence = { images: images(...numbered('v', 5)), children: new Map() }
  const rules = [any({ count: keep(2) })]
  expect(impactOf(rules, evidence, NOW)).toEqual({ images: 5, expire: 3, archive: 0, expireBytes: 3_000 })
  const archiving = [any({ action: 'archive', count: { type: 'sinceImagePulled', days: 90 } })]
  expect(impactOf(archiving, evidence, NOW)).toEqual({ images: 5, expire: 0, archive: 5, expireBytes: 0 })
  const nothing = { images: [], children: new Map() }
  expect(impactOf(rules, nothing, NOW)).toEqual({ images: 0, expire: 0, archive: 0, expireBytes: 0 })
})
