import { expect, test } from 'vitest'
import { differencesOf } from '../../../cli/lifecycle/native.ts'
import { createEvaluation } from '../../../functions/domain/lifecycle/evaluation.ts'
import type { Rule } from '../../../functions/domain/lifecycle/rule.ts'
import { daysAgo, digests, NOW } from './images.ts'

const RULE: Rule = {
  ...{ priority: 3, tagStatus: 'any', prefixes: [], patterns: [], storageClass: 'standard', action: 'expire' },
  count: { type: 'sinceImagePushed', days: 30 },
}
const expired = (digest: string, rule = 3) => ({ digest, tags: [], action: 'expire' as const, rule })

/** Verdicts on two images, of which `old` has been due for a day and `new` is due in a minute. */
function verdicts() {
  const evaluation = createEvaluation([RULE], NOW)
  const image = { tags: [], status: 'ACTIVE', sizeInBytes: 1 } as const
  const pushedAt = { old: daysAgo(31).getTime(), new: daysAgo(30).getTime() + 60_000 }
  evaluation.add([
    { ...image, digest: digests.old, pushedAt: pushedAt.old },
    { ...image, digest: digests.new, pushedAt: pushedAt.new },
  ])
  return evaluation.end()
}
const later = (seconds: number) => ({ from: NOW, to: new Date(NOW.getTime() + seconds * 1_000) })

test('the same marks are no difference', () => {
  expect(differencesOf(verdicts(), [expired(digests.old)], later(30))).toEqual([])
})

test('another rule is one, and so is an image that only one of the two marks', () => {
  const kept = { action: 'keep', rule: null }
  const found = differencesOf(verdicts(), [expired(digests.old, 4), expired(digests.new)], later(30))
  expect(found.map(({ ours, native }) => [ours, native])).toEqual([
    [
      { action: 'expire', rule: 3 },
      { action: 'expire', rule: 4 },
    ],
    [kept, { action: 'expire', rule: 3 }],
  ])
})

test('an image whose days were over in between is none: both are right', () => {
  expect(differencesOf(verdicts(), [expired(digests.old), expired(digests.new)], later(90))).toEqual([])
})

test('an image that was pushed in between is one', () => {
  expect(differencesOf(verdicts(), [expired(digests.old), expired(digests.stray)], later(30))).toEqual([
    { digest: digests.stray, tags: [], ours: { action: 'keep', rule: null }, native: { action: 'expire', rule: 3 } },
  ])
})
