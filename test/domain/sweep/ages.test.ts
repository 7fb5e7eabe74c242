import { expect, test } from 'vitest'
import { agingAt, createAges } from '../../../functions/domain/sweep/ages.ts'
import { daysAgo, found, NOW, SLA } from './recorded.ts'

test('days are whole days since it was first seen, none before it, and as many however many instants there are', () => {
  const { daysOf } = agingAt(NOW, SLA)

  expect([0, 0.99, 1, 400, -2].map((days) => daysOf({ firstSeen: daysAgo(days) }))).toEqual([0, 0, 1, 400, 0])
  const many = Array.from({ length: 1_500 }, (_, days) => days)
  expect(many.map((days) => daysOf({ firstSeen: daysAgo(days) }))).toEqual(many)
})

test('a finding is overdue on the day after its SLA days; a severity without such days never is', () => {
  const { isOverdue } = agingAt(NOW, SLA)

  expect(isOverdue(found({ severity: 'CRITICAL', firstSeen: daysAgo(7.9) }))).toBe(false)
  expect(isOverdue(found({ severity: 'CRITICAL', firstSeen: daysAgo(8) }))).toBe(true)
  expect(isOverdue(found({ severity: 'LOW', firstSeen: daysAgo(4_000) }))).toBe(false)
})

test('ages are counted by severity, in buckets of below 7, 30 and 90 days and more', () => {
  const ages = createAges(agingAt(NOW, { HIGH: 30, MEDIUM: 90 }))
  for (const days of [0, 6, 7, 29, 30, 31, 89, 90, 900]) ages.add(found({ firstSeen: daysAgo(days) }))
  ages.add(found({ severity: 'LOW', firstSeen: daysAgo(100) }), 5)

  expect(ages.report()).toEqual([
    { severity: 'HIGH', sla: 30, buckets: [2, 2, 3, 2], overdue: 4 },
    { severity: 'MEDIUM', sla: 90, buckets: [0, 0, 0, 0], overdue: 0 },
    { severity: 'LOW', sla: null, buckets: [0, 0, 0, 5], overdue: 0 },
  ])
})
