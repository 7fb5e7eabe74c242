import fc from 'fast-check'
import type { StoredImage } from '../../../../functions/domain/lifecycle/image.ts'
import type { Rule } from '../../../../functions/domain/lifecycle/rule.ts'

export const DAY = 86_400_000

/** A rule that keeps ten images with a tag `v…`. */
export const rule = (change: Partial<Rule> = {}): Rule => ({
  ...{ priority: 1, tagStatus: 'tagged', prefixes: [], patterns: ['v*'], storageClass: 'standard' },
  ...{ count: { type: 'imageCountMoreThan', images: 10 }, action: 'expire' },
  ...change,
})

export const untagged = (change: Partial<Rule> = {}): Rule =>
  rule({ tagStatus: 'untagged', patterns: [], count: { type: 'sinceImagePushed', days: 7 }, ...change })

export const any = (change: Partial<Rule> = {}): Rule =>
  rule({ tagStatus: 'any', patterns: [], count: { type: 'sinceImagePushed', days: 90 }, ...change })

export const days = (number: number): Rule['count'] => ({ type: 'sinceImagePushed', days: number })

export const keep = (images: number): Rule['count'] => ({ type: 'imageCountMoreThan', images })

export const digestOf = (number: number): string => `sha256:${number.toString(16).padStart(64, '0')}`

/** Images with these tags, the first of them pushed first. */
export const images = (...tags: readonly (readonly string[])[]): readonly StoredImage[] =>
  tags.map((some, index) => ({
    ...{ digest: digestOf(index + 1), tags: some, pushedAt: index * DAY },
    ...{ status: 'ACTIVE', sizeInBytes: 1_000 },
  }))

/** `count` tags: `pr-1`, `pr-2`, … */
export const numbered = (stem: string, count: number): readonly (readonly string[])[] =>
  Array.from({ length: count }, (_, index) => [`${stem}${index + 1}`])

const LETTERS = ['a', 'b', 'v']
export const tag = fc.string({ unit: fc.constantFrom(...LETTERS, '1', 'c'), minLength: 1, maxLength: 4 })
export const pattern = fc.string({ unit: fc.constantFrom(...LETTERS, '*', '*'), minLength: 1, maxLength: 4 })
const prefix = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 3 })

const count = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((images): Rule['count'] => ({ type: 'imageCountMoreThan', images })),
  fc.integer({ min: 1, max: 9 }).map((number): Rule['count'] => ({ type: 'sinceImagePushed', days: number })),
)

const selection = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ tagStatus: 'untagged' as const, prefixes: [], patterns: [] }) },
  { weight: 1, arbitrary: fc.constant({ tagStatus: 'any' as const, prefixes: [], patterns: [] }) },
  {
    weight: 4,
    arbitrary: fc
      .array(pattern, { minLength: 1, maxLength: 3 })
      .map((patterns) => ({ tagStatus: 'tagged' as const, prefixes: [], patterns })),
  },
  {
    weight: 2,
    arbitrary: fc
      .uniqueArray(prefix, { minLength: 1, maxLength: 3 })
      .map((prefixes) => ({ tagStatus: 'tagged' as const, prefixes, patterns: [] })),
  },
)

/** Rules as they may come, also such as ECR would refuse together. */
export const someRules = fc
  .array(
    fc.record({ selection, count, isArchive: fc.boolean() }).map(({ selection, count, isArchive }): Rule => {
      const common = { ...selection, priority: 0, action: 'expire' as const }
      // A rule on the archive counts days there, 90 at least.
      return isArchive
        ? { ...common, storageClass: 'archive', count: { type: 'sinceImageTransitioned', days: 90 } }
        : { ...common, storageClass: 'standard', count }
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((rules) => rules.map((one, index) => ({ ...one, priority: index + 1 })))

export const someImages = fc
  .array(
    fc.record({
      tags: fc.uniqueArray(tag, { maxLength: 3 }),
      pushedAt: fc.integer({ min: 0, max: 20 }).map((day) => day * DAY),
      status: fc.constantFrom('ACTIVE' as const, 'ACTIVE' as const, 'ARCHIVED' as const),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map(
      (one, index): StoredImage => ({
        ...one,
        ...{ digest: digestOf(index + 1), sizeInBytes: 1 },
        ...(one.status === 'ARCHIVED' && { archivedAt: one.pushedAt }),
      }),
    ),
  )
