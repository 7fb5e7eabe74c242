import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../functions/domain/alert.ts'
import { toText } from '../../../functions/domain/alert-text.ts'
import { type CleanUp, composeCleanUp } from '../../../functions/domain/clean-up-alert.ts'
import { composeExpiring, type Expiring } from '../../../functions/domain/expiring-alert.ts'
import { toPublish } from '../../../functions/domain/publish.ts'
import { compose, composePlain } from '../../../functions/notify/message/compose.ts'
import { judge } from '../../../local/slack/validate.ts'
import { policyTelling } from '../../builders.ts'
import { applied, digestOf, plan, planItem, planItems, STORE } from '../../domain/clean-up/told.ts'
import { barOf, headerOf, shown } from './shown.ts'

const registry = { account: '123456789012', region: 'ap-northeast-1', tags: [] }

const told = (cleanUp: Partial<CleanUp> = {}): Alert =>
  composeCleanUp(policyTelling({ subject: registry }), { plan: plan(), store: STORE, ...cleanUp })

describe('a proposal', () => {
  const alert = told()

  test('is teal, and asks for nothing', () => {
    expect(headerOf(alert)).toBe('🧹 Clean-up in dry-run: 2 images can go, at most 500 MB, $0.05 a month')
    expect(barOf(alert).color).toBe('#0d9488')
  })

  test('has the command before the repositories', () => {
    const text = shown(alert)
    expect(text).toContain('```ecr-steward clean-up apply')
    expect(text).toContain('*Repositories*\n•  `ci/api`  2 images of 40, 500 MB')
    expect(text.indexOf('clean-up apply')).toBeLessThan(text.indexOf('*Repositories*'))
  })

  test('is PROPOSED for who reads mail, each repository once', () => {
    expect(toPublish(alert).subject).toMatch(/^\[PROPOSED\] Clean-up in dry-run: /)
    expect(toText(alert)).toContain('Repositories\n  INFORMATIONAL new    ci/api  2 images of 40, 500 MB\n')
  })
})

test('what is done is settled, what failed stands first', () => {
  expect(headerOf(told({ applied: applied() }))).toBe('✅ Removed 2 images: at most 500 MB, $0.05 a month')
  const failed = told({ applied: applied({ failed: [{ repository: 'ci/web', digest: digestOf(7), why: 'refused' }] }) })
  expect(headerOf(failed)).toBe('🟡 Medium: Clean-up: 1 image could not be removed')
  expect(shown(failed)).toContain('🟡  *Failed*\n•  `ci/web@sha256:000000000000`  refused\n*Repositories*')
})

const expiring = (number: number, change: Partial<Expiring> = {}): Expiring => ({
  ...{ digest: digestOf(number), tags: [`1.${number}`], action: 'expire', rule: 2, dueAt: null },
  ...{ reason: 'rule 2 keeps the newest 20 of any images; this is number 21', usedBy: ['ECS task definition web:42'] },
  ...change,
})

test('an image in use that is about to expire is shown with who needs it', () => {
  const repository = { account: '123456789012', region: 'ap-northeast-1', repository: 'prod/api' }
  const alert = composeExpiring(policyTelling(), repository, [
    expiring(1),
    expiring(2, { dueAt: '2026-11-21T20:00:00.000Z' }),
  ])

  expect(headerOf(alert)).toBe('🔴 Critical: 2 images in use are about to expire in prod/api')
  expect(shown(alert)).toContain(
    [
      '*Images*',
      '🔴  `prod/api:1.1`  expires at any moment: rule 2 keeps the newest 20 of any images; this is number 21',
      '*in use by ECS task definition web:42*',
      '🟠  `prod/api:1.2`  expires from 2026-11-21 20:00 UTC',
    ].join('\n'),
  )
  expect(shown(alert)).toContain('```aws ecr delete-lifecycle-policy')
})

test('Slack takes them whatever they hold, and hundreds of lines', () => {
  const hostile = '<!channel> *a* `b` @here \u202e'
  const many = Array.from({ length: 300 }, (_, index) =>
    planItem(index, { repository: `ci/${'x'.repeat(200)}${index}` }),
  )
  const alerts = [
    told({ plan: plan({ items: many, blocked: [{ repository: null, why: hostile.repeat(20) }] }) }),
    told({ plan: plan({ items: planItems(1, { repository: hostile }) }) }),
    composeExpiring(
      policyTelling(),
      { ...registry, repository: hostile },
      Array.from({ length: 300 }, (_, index) =>
        expiring(index, { tags: [hostile], usedBy: [hostile, hostile], reason: hostile }),
      ),
    ),
  ]
  for (const alert of alerts) {
    expect(judge(compose(alert, 'security'))).toMatchObject({ status: 200 })
    expect(shown(alert)).not.toMatch(/<!|@here/)
    expect(composePlain(alert).text.length).toBeLessThan(4_000)
    expect(Buffer.byteLength(toPublish(alert).message)).toBeLessThan(256 * 1_024)
  }
})
