import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../functions/domain/lifecycle/evaluate.ts'
import type { ChildrenOf, StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import type { Rule } from '../../../functions/domain/lifecycle/rule.ts'
import {
  ANY,
  archive,
  daysAgo,
  digestOf,
  image,
  keep,
  NOW,
  patterns,
  prefixes,
  rulesOf,
  since,
  UNTAGGED,
} from './images.ts'

const none: ChildrenOf = new Map()

const reasons = (rules: readonly Rule[], images: readonly StoredImage[], children = none): string[] =>
  evaluate(rules, images, children, NOW).map(({ reason }) => reason)

describe('a verdict says why', () => {
  test('by number among those that a rule keeps', () => {
    const images = [3, 1, 2, 0].map((days) => image([`prod-${days}`], days))
    expect(reasons(rulesOf(keep(2, 2, patterns('prod-*'))), images)).toEqual(
      [4, 2, 3, 1].map((n) => `rule 2 keeps the newest 2 of images with a tag that fits "prod-*"; this is number ${n}`),
    )
    expect(reasons(rulesOf(keep(1, 1, ANY)), [image([], 1)])).toEqual([
      'rule 1 keeps the newest 1 of all images; this is number 1',
    ])
  })

  test('by age, with the days of both ends', () => {
    expect(reasons(rulesOf(since(1, 'sinceImagePushed', 14, UNTAGGED)), [image([], 30), image([], 2)])).toEqual([
      'older than 14 days by rule 1: pushed 2026-10-21, due 2026-11-04',
      'rule 1 gives it 14 days: pushed 2026-11-18, due 2026-12-02',
    ])
  })

  test('from the instant that counts', () => {
    const rules = rulesOf(
      since(1, 'sinceImagePulled', 1, prefixes('v'), archive),
      since(2, 'sinceImageTransitioned', 90, { ...ANY, storageClass: 'archive' }),
    )
    const images = [
      image(['v1'], 9, { pulledAt: daysAgo(5) }),
      image(['v2'], 9),
      image(['v3'], 9, { pulledAt: daysAgo(5), activatedAt: daysAgo(4) }),
      image([], 900, { status: 'ARCHIVED', archivedAt: daysAgo(100) }),
      image([], 900, { status: 'ARCHIVED' }),
    ]
    expect(reasons(rules, images)).toEqual([
      'older than 1 day by rule 1: pulled 2026-11-15, due 2026-11-16',
      'older than 1 day by rule 1: pushed 2026-11-11, due 2026-11-12',
      'older than 1 day by rule 1: restored 2026-11-16, due 2026-11-17',
      'older than 90 days by rule 2: archived 2026-08-12, due 2026-11-10',
      'rule 2 counts from when it was archived, and nobody says when that was',
    ])
  })

  test('by what it follows, or that nothing is about it', () => {
    const index = image(['v1'], 9)
    const images = [
      index,
      image([], 9, { digest: digestOf(7_001) }),
      image([], 9, { subject: index.digest }),
      image(['dev'], 9),
      image(['v2'], 9, { status: 'ACTIVATING' }),
    ]
    const children = new Map([[index.digest, [digestOf(7_001)]]])
    expect(reasons(rulesOf(since(1, 'sinceImagePushed', 99_999_999_999, prefixes('v'))), images, children)).toEqual([
      'rule 1 gives it 99,999,999,999 days: pushed 2026-11-11, due never',
      `part of the index ${index.digest}`,
      `about ${index.digest}, and goes with it`,
      'no rule is about it',
      'on its way out of the archive',
    ])
  })
})
