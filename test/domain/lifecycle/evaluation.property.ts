import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import { createEvaluation } from '../../../functions/domain/lifecycle/evaluation.ts'
import type { StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import type { Count, Rule } from '../../../functions/domain/lifecycle/rule.ts'
import { DAY, NOW } from './images.ts'
import { plainEvaluation } from './plain-evaluation.ts'

/** Policies and repositories. */
const RUNS = Number(process.argv[2])

/** Half days around now: instants fall together, and ages fall on their due day to the millisecond. */
const instant = fc.integer({ min: -2, max: 12 }).map((halves) => NOW.getTime() - (halves * DAY) / 2)

const tag = fc
  .tuple(fc.constantFrom('dev-', 'prod-', 'v', 'release-'), fc.constantFrom('', '1', '2', '-amd64', '1-dev'))
  .map((parts) => parts.join(''))

const digests = Array.from({ length: 30 }, (_, n) =>
  n % 10 === 9 ? `sha512:${n}` : `sha256:${(n * 37).toString(16).padStart(3, '0').repeat(21)}${n % 10}`,
)
const digest = fc.constantFrom(...digests)

const image: fc.Arbitrary<StoredImage> = fc.record({
  digest,
  tags: fc.uniqueArray(tag, { maxLength: 4 }),
  pushedAt: instant,
  pulledAt: fc.option(instant, { nil: undefined }),
  archivedAt: fc.option(instant, { nil: undefined }),
  activatedAt: fc.option(instant, { nil: undefined, freq: 3 }),
  status: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'ARCHIVED', 'ACTIVATING'),
  sizeInBytes: fc.nat(),
  subject: fc.option(digest, { nil: undefined, freq: 2 }),
})

const images = fc.uniqueArray(image, { maxLength: 25, selector: (one) => one.digest })

const children = fc
  .array(fc.tuple(digest, fc.array(digest, { maxLength: 4 })), { maxLength: 4 })
  .map((entries) => new Map<string, readonly string[]>(entries))

const text = fc.constantFrom('dev-', 'prod-', 'v', 'release-', '', 'v1')
const pattern = fc.constantFrom('*', 'dev-*', '*-amd64', 'v*', '*1*', 'v1', 'r*e-*', '*-*-*', 'v*1')

const tags: fc.Arbitrary<Pick<Rule, 'tagStatus' | 'prefixes' | 'patterns'>> = fc.oneof(
  fc.constantFrom({ tagStatus: 'any' as const, prefixes: [], patterns: [] }),
  fc.constantFrom({ tagStatus: 'untagged' as const, prefixes: [], patterns: [] }),
  fc.record({
    tagStatus: fc.constant('tagged' as const),
    prefixes: fc.array(text, { minLength: 1, maxLength: 2 }),
    patterns: fc.constant([]),
  }),
  fc.record({
    tagStatus: fc.constant('tagged' as const),
    prefixes: fc.constant([]),
    patterns: fc.array(pattern, { minLength: 1, maxLength: 2 }),
  }),
)

const count: fc.Arbitrary<Count> = fc.oneof(
  fc.record({ type: fc.constant('imageCountMoreThan' as const), images: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    type: fc.constantFrom('sinceImagePushed' as const, 'sinceImagePulled' as const, 'sinceImageTransitioned' as const),
    days: fc.integer({ min: 1, max: 6 }),
  }),
)

/** Also what ECR would refuse for the time being: the engine needs none of its limits. */
const rules: fc.Arbitrary<readonly Rule[]> = fc.uniqueArray(
  fc
    .tuple(
      fc.integer({ min: 1, max: 9 }),
      tags,
      count,
      fc.constantFrom('standard' as const, 'standard' as const, 'archive' as const),
      fc.constantFrom('expire' as const, 'archive' as const),
    )
    .map(([priority, selected, counted, storageClass, action]) => ({
      priority,
      ...selected,
      count: counted,
      storageClass,
      action,
    })),
  { maxLength: 6, selector: ({ priority }) => priority },
)

fc.assert(
  fc.property(rules, images, children, fc.nat({ max: 25 }), (policy, all, listed, cut) => {
    const evaluation = createEvaluation(policy, NOW)
    evaluation.add(all.slice(0, cut))
    evaluation.addChildren(listed)
    evaluation.add(all.slice(cut))
    const found = [...evaluation.end()]
    const plain = found.map(({ digest: of, action, rule, ground, dueAt }) => ({
      digest: of,
      action,
      rule,
      ground,
      dueAt,
    }))
    deepStrictEqual(plain, plainEvaluation(policy, all, listed, NOW))
    deepStrictEqual(
      found.map((one) => one.tags),
      all.map((one) => one.tags),
    )
    deepStrictEqual(
      found.map((one) => one.sizeBytes),
      all.map((one) => one.sizeInBytes),
    )
  }),
  { numRuns: RUNS },
)
