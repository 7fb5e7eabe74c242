import * as v from 'valibot'
import { expect, test } from 'vitest'
import { AlertSchema } from '../../functions/domain/alert.ts'
import { composeExpiring, type Expiring } from '../../functions/domain/expiring-alert.ts'
import { policyTelling } from '../builders.ts'
import { digestOf } from './clean-up/told.ts'

const REPOSITORY = { account: '123456789012', region: 'ap-northeast-1', repository: 'prod/api' }

const expiring = (number: number, change: Partial<Expiring> = {}): Expiring => ({
  digest: digestOf(number),
  tags: [`1.${number}`],
  action: 'expire',
  rule: 2,
  reason: 'older than 30 days by rule 2',
  dueAt: '2026-11-20T09:01:00.000Z',
  usedBy: ['ECS task definition web:42'],
  ...change,
})

const tell = (...images: Expiring[]) =>
  v.parse(AlertSchema, composeExpiring(policyTelling({ subject: { ...REPOSITORY, tags: [] } }), REPOSITORY, images))

test('an image in use that ECR is about to expire is told with rule, time, and who needs it', () => {
  expect(tell(expiring(4))).toMatchObject({
    kind: 'expiring-in-use',
    severity: 'CRITICAL',
    title: 'In use and about to expire: prod/api:1.4',
    summary: '1 at any moment. Whatever restarts then cannot pull its image.',
    items: [
      {
        id: 'prod/api:1.4',
        severity: 'CRITICAL',
        subject: digestOf(4),
        text: 'expires at any moment: older than 30 days by rule 2',
        notes: ['in use by ECS task definition web:42'],
      },
    ],
    command: 'aws ecr delete-lifecycle-policy --region ap-northeast-1 --repository-name prod/api',
  })
})

test('what is due stands before what will be, the sooner the earlier', () => {
  const alert = tell(
    expiring(1, { dueAt: '2026-11-21T20:00:00.000Z' }),
    expiring(2, { dueAt: '2026-11-21T10:00:00.000Z', action: 'archive', tags: [] }),
    expiring(4, { dueAt: null }),
    expiring(3, { dueAt: null }),
  )
  expect(alert).toMatchObject({ severity: 'CRITICAL', title: '4 images in use are about to expire in prod/api' })
  expect(alert.items.map(({ id, severity, text }) => [id, severity, text.split(':').slice(0, -1).join(':')])).toEqual([
    ['prod/api:1.3', 'CRITICAL', 'expires at any moment'],
    ['prod/api:1.4', 'CRITICAL', 'expires at any moment'],
    ['prod/api@sha256:000000000000', 'HIGH', 'archived from 2026-11-21 10:00 UTC'],
    ['prod/api:1.1', 'HIGH', 'expires from 2026-11-21 20:00 UTC'],
  ])
})

test('what is not due yet is not critical', () => {
  expect(tell(expiring(1, { dueAt: '2026-11-21T20:00:00.000Z' }))).toMatchObject({
    severity: 'HIGH',
    summary: '1 within two days. Whatever restarts then cannot pull its image.',
  })
})

test('the same images by the same rules are the same alert', () => {
  const now = (later: string) => ({ ...policyTelling(), subject: { ...REPOSITORY, tags: [] }, now: new Date(later) })
  const id = (later: string, ...images: Expiring[]) => composeExpiring(now(later), REPOSITORY, images).id
  expect(id('2026-11-20T09:00:00Z', expiring(1), expiring(2))).toBe(
    id('2026-11-21T09:00:00Z', expiring(2), expiring(1)),
  )
  expect(id('2026-11-20T09:00:00Z', expiring(1))).not.toBe(id('2026-11-20T09:00:00Z', expiring(1, { rule: 3 })))
})

test('the policy that keeps them is one command away, unless it is longer than anybody reads', () => {
  const told = (keeping: string) =>
    composeExpiring(policyTelling({ subject: { ...REPOSITORY, tags: [] } }), REPOSITORY, [expiring(1)], keeping)
  expect(told('{"rules":[]}').command).toBe(
    `aws ecr put-lifecycle-policy --region ap-northeast-1 --repository-name prod/api --lifecycle-policy-text '{"rules":[]}'`,
  )
  expect(told('x'.repeat(2_000)).command).toMatch(/^aws ecr delete-lifecycle-policy /)
})

test('hundreds of images are counted, not listed', () => {
  const alert = tell(...Array.from({ length: 130 }, (_, index) => expiring(index)))
  expect([alert.items.length, alert.omitted]).toEqual([100, 30])
})
