import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../functions/domain/lifecycle/evaluate.ts'
import type { StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import { ANY, archive, daysAgo, image, keep, NOW, patterns, prefixes, rulesOf, since, UNTAGGED } from './images.ts'

type Example = {
  readonly name: string
  readonly rules: readonly object[]
  readonly images: Readonly<Record<string, StoredImage>>
  readonly expired?: readonly string[]
  readonly archived?: readonly string[]
}

const MINUTE = 1 / 1_440

const threeImages = {
  A: image(['beta-1', 'prod-1'], 10),
  B: image(['beta-2', 'prod-2'], 9),
  C: image(['beta-3'], 8),
}

const alphaAndBeta = {
  A: image(['alpha-1'], 12),
  B: image(['beta-1'], 11),
  C: image(['alpha-2', 'beta-2'], 10),
  D: image(['alpha-3'], 4),
  E: image(['beta-3'], 3),
  F: image(['alpha-4', 'beta-4'], 2),
}

const notExclusive = {
  A: image(['alpha-1', 'beta-1', 'gamma-1'], 10),
  B: image(['alpha-2', 'beta-2'], 9),
  C: image(['alpha-3', 'beta-3', 'gamma-2'], 8),
}

const archived = (days: number) => ({ status: 'ARCHIVED', archivedAt: daysAgo(days) }) as const

const examples: readonly Example[] = [
  {
    name: 'image age',
    rules: [since(1, 'sinceImagePushed', 14, patterns('prod*'))],
    images: { old: image(['prod-1'], 15), young: image(['prod-2'], 13), other: image(['beta-1'], 15) },
    expired: ['old'],
  },
  {
    name: 'image age, as it was written until 2023',
    rules: [since(1, 'sinceImagePushed', 14, UNTAGGED)],
    images: { old: image([], 15), young: image([], 13), tagged: image(['v1'], 15) },
    expired: ['old'],
  },
  {
    name: 'last pulled time',
    rules: [since(1, 'sinceImagePulled', 90, ANY, archive)],
    images: {
      pulled: image(['v1'], 400, { pulledAt: daysAgo(89) }),
      left: image(['v2'], 400, { pulledAt: daysAgo(91) }),
      never: image(['v3'], 91),
      young: image([], 89),
      restored: image(['v4'], 400, { pulledAt: daysAgo(300), archivedAt: daysAgo(200), activatedAt: daysAgo(10) }),
    },
    archived: ['left', 'never'],
  },
  {
    name: 'archive transition time',
    rules: [since(1, 'sinceImageTransitioned', 365, { ...ANY, storageClass: 'archive' })],
    images: {
      long: image(['v1'], 900, archived(366)),
      short: image(['v2'], 900, archived(364)),
      active: image(['v3'], 900),
    },
    expired: ['long'],
  },
  {
    name: 'image count',
    rules: [keep(1, 1, UNTAGGED)],
    images: { A: image([], 3), B: image([], 1), C: image([], 2), tagged: image(['v1'], 9) },
    expired: ['A', 'C'],
  },
  {
    name: 'multiple rules, example A: a rule sees what a rule before it kept, and does not touch it',
    rules: [keep(1, 1, patterns('prod*')), keep(2, 1, patterns('beta*'))],
    images: threeImages,
    expired: ['A'],
  },
  {
    name: 'multiple rules, example B: the same in the other order',
    rules: [keep(1, 1, patterns('beta*')), keep(2, 1, patterns('prod*'))],
    images: threeImages,
    expired: ['A', 'B'],
  },
  ...(['patterns', 'prefixes'] as const).flatMap((kind): Example[] => {
    const both = kind === 'patterns' ? patterns('alpha*', 'beta*') : prefixes('alpha', 'beta')
    return [
      {
        name: `multiple tags in a rule, example A, by ${kind}: all must match`,
        rules: [since(1, 'sinceImagePushed', 5, both)],
        images: alphaAndBeta,
        expired: ['C'],
      },
      {
        name: `multiple tags in a rule, example B, by ${kind}: tags are not exclusive`,
        rules: [keep(1, 1, both)],
        images: notExclusive,
        expired: ['A', 'B'],
      },
    ]
  }),
  {
    name: 'all images, example A',
    rules: [keep(1, 1, ANY)],
    images: { A: image(['alpha-1'], 4), B: image(['beta-1'], 3), C: image([], 2), D: image(['alpha-2'], 1) },
    expired: ['A', 'B', 'C'],
  },
  {
    name: 'all images, example B: all kinds of rules in one policy',
    rules: [keep(1, 1, patterns('alpha*')), since(2, 'sinceImagePushed', 1, UNTAGGED), keep(3, 1, ANY)],
    images: {
      A: image(['alpha-1', 'beta-1'], 4),
      B: image([], 3),
      C: image(['alpha-2'], 2),
      D: image(['git-hash'], 1),
      // One day ago, and not older than one day, says the page.
      E: image([], 1 - MINUTE),
    },
    expired: ['A', 'B', 'D'],
  },
  {
    name: 'archiving by age',
    rules: [since(1, 'sinceImagePushed', 30, patterns('prod*'), archive)],
    images: { old: image(['prod-1'], 31), young: image(['prod-2'], 29), other: image(['beta-1'], 31) },
    archived: ['old'],
  },
  {
    name: 'archiving and expiring: each rule is about its storage class, and there is one for any in both',
    rules: [
      since(1, 'sinceImagePushed', 30, ANY, archive),
      since(2, 'sinceImageTransitioned', 365, { ...ANY, storageClass: 'archive' }),
    ],
    images: {
      old: image(['v1'], 31),
      young: image(['v2'], 29),
      long: image(['v3'], 900, archived(366)),
      short: image(['v4'], 900, archived(364)),
    },
    expired: ['long'],
    archived: ['old'],
  },
]

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html */
describe('examples of the ECR user guide', () => {
  test.each(examples)('$name', ({ rules, images, expired = [], archived: gone = [] }) => {
    const verdicts = evaluate(rulesOf(...rules), Object.values(images), new Map(), NOW)
    const named = (action: string) => Object.keys(images).filter((_, row) => verdicts[row]?.action === action)
    expect({ expired: named('expire'), archived: named('archive') }).toEqual({ expired, archived: gone })
  })
})
