import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CutRepository, createCut, cutRepository } from '../../functions/domain/clean-up/at-most.ts'
import { candidatesOf } from '../../functions/domain/clean-up/candidates.ts'
import { createHolding, type HeldImages } from '../../functions/domain/clean-up/held-images.ts'
import { imageGraph } from '../../functions/domain/clean-up/image-graph.ts'
import { keepers, type Users } from '../../functions/domain/clean-up/keepers.ts'
import { inGoingOrder, type Unit, unitsOf } from '../../functions/domain/clean-up/units.ts'
import type { ChildrenOf, StoredImage } from '../../functions/domain/lifecycle/image.ts'
import type { Rule } from '../../functions/domain/lifecycle/rule.ts'
import { planRepository } from '../../functions/planning/plan-repository.ts'
import { about, digestOf, INDEX, image, MANIFEST, NOW, REPOSITORY } from '../domain/clean-up/images.ts'
import { ANY, archive, keep, rulesOf, since, UNTAGGED } from '../domain/lifecycle/images.ts'
import { plainEvaluation } from '../domain/lifecycle/plain-evaluation.ts'

const NAMES = Array.from({ length: 24 }, (_, number) => `i${number}`)

const RULES: readonly (readonly Rule[])[] = [
  rulesOf(keep(1, 1, ANY)),
  rulesOf(since(1, 'sinceImagePushed', 20, UNTAGGED), keep(2, 3, ANY)),
  rulesOf(since(1, 'sinceImagePulled', 30, ANY, archive)),
]

type Repository = {
  readonly images: readonly StoredImage[]
  readonly children: ChildrenOf
  readonly rules: readonly Rule[]
  readonly users: Users
}

const oneIn = (many: number): fc.Arbitrary<boolean> => fc.constantFrom(true, ...Array(many - 1).fill(false))

/** Without the leaning to extremes, by which almost all would be in use. */
const drawnImages = fc.noBias(
  fc.array(
    fc.record({
      mediaType: fc.constantFrom(MANIFEST, MANIFEST, MANIFEST, MANIFEST, INDEX, INDEX, undefined),
      tags: fc.constantFrom('own', 'none', 'none', 'signature', 'two signatures', 'signature and own', 'referrers'),
      hours: fc.integer({ min: 0, max: 1_000 }),
      pulled: fc.constantFrom(undefined, undefined, undefined, undefined, 10, 800, 900),
      status: fc.constantFrom('ACTIVE' as const, 'ACTIVE' as const, 'ACTIVE' as const, 'ARCHIVED' as const),
      below: fc.array(fc.nat(), { maxLength: 2 }),
      others: fc.tuple(fc.nat(), fc.nat()),
      subject: fc.oneof({ arbitrary: fc.constant(undefined), weight: 7 }, fc.nat()),
      isThere: oneIn(6).map((isGone) => !isGone),
      isReadable: oneIn(60).map((isNot) => !isNot),
      isUsed: oneIn(20),
    }),
    { maxLength: NAMES.length, size: 'max' },
  ),
)

/** Indexes also list what is not there, and something else than images made before them, as only tags and errors can have it. */
const repositories: fc.Arbitrary<Repository> = fc
  .tuple(drawnImages, fc.constantFrom(...RULES))
  .map(([drawn, rules]) => {
    const named = (number: number): string => NAMES[number % drawn.length] as string
    const all = drawn.map(({ mediaType, tags, hours, pulled, status, others: [one, other], subject }, own) =>
      image(NAMES[own] as string, {
        ...{ mediaType, status },
        tags: {
          own: [`t${own}`],
          none: [],
          signature: [about(named(one))],
          'two signatures': [about(named(one)), about(named(other), '.att')],
          'signature and own': [about(named(one)), `t${own}`],
          referrers: [about(named(one), '')],
        }[tags] as string[],
        // No two at the same instant: which of them goes first is nobody's concern.
        pushedAt: NOW.getTime() - hours * 3_600_000 - own,
        pulledAt: pulled === undefined ? undefined : NOW.getTime() - pulled * 3_600_000,
        ...(subject !== undefined && { subject: named(subject) }),
      }),
    )
    const children = new Map(
      drawn.flatMap(({ mediaType, below, isReadable }, own) =>
        mediaType === MANIFEST || !isReadable ? [] : [[digestOf(NAMES[own] as string), below.map(named).map(digestOf)]],
      ),
    )
    const used = new Set(NAMES.filter((_, own) => drawn[own]?.isUsed).map(digestOf))
    return {
      ...{ children, rules },
      images: all.filter((_, own) => drawn[own]?.isThere),
      users: { usersOf: (_, { digest }) => (used.has(digest) ? ['somebody'] : []) },
    }
  })

/** In pages, with one that comes twice. */
function held({ images, children, rules }: Omit<Repository, 'users'>, together: number): HeldImages {
  const holding = createHolding(rules, NOW, together)
  for (let at = 0; at < images.length; at += 5) holding.add(images.slice(Math.max(0, at - 1), at + 5))
  return holding.end(children)
}

const plan = (drawn: Repository, together = 1) =>
  planRepository({ repository: REPOSITORY, images: held(drawn, together) }, drawn.users, NOW)

/** Of several that are alike, which one is named first is nobody's to rely on. */
const staying = (digest: string, by: readonly string[]): string =>
  `${digest} ${by.map((one) => one.replace(/sha256:[0-9a-f]+/g, 'a digest'))}`

/** What goes and what stays, of all images at once. */
function plainly({ images, children, rules, users }: Repository) {
  const verdicts = plainEvaluation(rules, images, children, NOW)
  const graph = imageGraph({ images, children })
  const marked = verdicts.map((verdict) => ({ tags: [], reason: 'in words', sizeBytes: 0, ...verdict }))
  const candidates = candidatesOf(marked, graph)
  const kept = keepers({ repository: REPOSITORY, images, children }, new Set(candidates.keys()), users, NOW)
  const isTold = (digest: string): boolean => typeof candidates.get(digest)?.rule === 'number'
  return {
    units: unitsOf(graph, new Map([...candidates].filter(([digest]) => !kept.has(digest)))),
    staying: [...kept].filter(([digest]) => isTold(digest)).map(([digest, by]) => staying(digest, by)),
  }
}

/** All of a unit, without the words of a rule, which only the engine has. */
const told = ({ candidates, since: from, images }: Unit) => ({
  ...{ since: from, images },
  candidates: candidates.map(({ image: { digest, tags, pushedAt, pulledAt, status, sizeInBytes }, ...one }) => ({
    ...{ digest, tags, pushedAt, pulledAt, status, sizeInBytes, action: one.action, rule: one.rule, rank: one.rank },
    ...(one.rule === null && { reason: one.reason }),
  })),
})

test('part by part the same goes and stays, for the same reasons and in the same order, as of all images at once', () => {
  let [units, several] = [0, 0]
  fc.assert(
    fc.property(repositories, fc.integer({ min: 1, max: 8 }), (drawn, together) => {
      const [parts, whole] = [plan(drawn, together), plainly(drawn)]
      expect([...parts.units].map(told)).toEqual(whole.units.map(told))
      expect(parts.protected.map(({ digest, by }) => staying(digest, by)).toSorted()).toEqual(whole.staying.toSorted())
      expect(parts.population).toBe(drawn.images.length)
      units += whole.units.length
      several += whole.units.filter(({ images }) => images > 1).length
    }),
    { numRuns: 400 },
  )
  // Otherwise nothing would be shown.
  expect(units).toBeGreaterThan(200)
  expect(several).toBeGreaterThan(20)
})

test('a cut of it takes the same, in the same order', () => {
  fc.assert(
    fc.property(repositories, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), (drawn, share, most) => {
      const atMost = { images: most, shareOfRepository: share, shareOfRegistry: 1 }
      const { units } = plainly(drawn)
      const cutOf = (one: CutRepository) => {
        const cut = createCut(atMost)
        cut.add(one)
        const { taken, heldBack } = cut.end()
        return { heldBack, going: inGoingOrder(taken.get('ci/web') ?? []).map(({ image: { digest } }) => digest) }
      }
      const parts = cutRepository(plan(drawn), atMost)
      const whole = cutRepository({ repository: 'ci/web', population: drawn.images.length, units }, atMost)
      expect(cutOf(parts)).toEqual(cutOf(whole))
    }),
    { numRuns: 200 },
  )
})

test('of the same age, indexes go first, then what was pushed first, then what was listed first', () => {
  const images = [
    image('new', { hours: 100 }),
    image('a'),
    image('b'),
    image('late', { mediaType: INDEX, hours: 900 }),
    image('below', { tags: [] }),
    image('index', { mediaType: INDEX }),
  ]
  const children = new Map([
    [digestOf('late'), [digestOf('below')]],
    [digestOf('index'), []],
  ])
  const { units } = plan({ images, children, rules: rulesOf(keep(1, 1, ANY)), users: { usersOf: () => [] } })
  expect([...units].map(({ candidates }) => candidates.map((one) => one.image.digest))).toEqual(
    [['index'], ['late', 'below'], ['a'], ['b']].map((names) => names.map(digestOf)),
  )
})

describe('images', () => {
  const rules = rulesOf(keep(1, 1, ANY))
  const images = [
    image('wide', { mediaType: INDEX }),
    image('unread', { mediaType: INDEX }),
    image('old', { mediaType: INDEX, status: 'ARCHIVED' }),
    ...Array.from({ length: 60 }, (_, number) => image(`i${number}`, { tags: [] })),
  ]
  const children = new Map([[digestOf('wide'), ['i3', 'i50', 'gone'].map(digestOf)]])
  const all = () => held({ images, children, rules }, 10)

  test('are each in one part, with all that hang together with them, and what nobody can read', () => {
    const parts = [...all().all()]
    expect(parts.flatMap((part) => part.images.map(({ digest }) => digest)).toSorted()).toEqual(
      images.map(({ digest }) => digest).toSorted(),
    )
    // What is not there has a place in the first one.
    expect(parts.map((part) => part.images.length)).toEqual([9, 10, 10, 10, 10, 10, 4])
    expect(parts[0]?.images.map(({ digest }) => digest)).toEqual(
      expect.arrayContaining(['wide', 'i3', 'i50'].map(digestOf)),
    )
    for (const { unknown } of parts)
      expect([unknown.active, unknown.archived].map((some) => some.map(({ digest }) => digest))).toEqual([
        [digestOf('unread')],
        [digestOf('old')],
      ])
  })

  test('that an index lists which is gone hang together', () => {
    const gone = new Map(
      [
        ['between', ['i1', 'inner']],
        ['inner', ['i40']],
      ].map(([index, below]) => [digestOf(index as string), (below as string[]).map(digestOf)]),
    )
    const [part] = held({ images: images.slice(3), children: gone, rules }, 1).all()
    expect(part?.images).toHaveLength(1)
    const around = held({ images: images.slice(3), children: gone, rules }, 1).around(1)
    expect(around.images.map(({ digest }) => digest)).toEqual(['i1', 'i40'].map(digestOf))
    expect([...around.children]).toEqual([...gone])
  })

  test('of which the rules mark none are not looked at', () => {
    const holding = createHolding(rulesOf(since(1, 'sinceImagePushed', 90, ANY)), NOW)
    expect([holding.add(images), holding.add(images)]).toEqual([63, 0])
    expect(holding.indexes()).toEqual(['wide', 'unread', 'old'].map(digestOf))
    expect([...holding.end(children).marked()]).toEqual([])
  })
})
