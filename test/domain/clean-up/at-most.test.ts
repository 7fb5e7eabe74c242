import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type CutRepository,
  createCut,
  cutRepository,
  mostOfRepository,
  oldestOf,
} from '../../../functions/domain/clean-up/at-most.ts'
import type { AtMost } from '../../../functions/domain/clean-up/policy.ts'
import type { Unit } from '../../../functions/domain/clean-up/units.ts'
import { image } from './images.ts'

const NO_LIMIT: AtMost = { images: 1_000_000, shareOfRepository: 1, shareOfRegistry: 1 }

/** Units of so many images, the first of them the oldest. */
const units = (sizes: readonly number[], since = 0): readonly Unit[] =>
  sizes.map((size, number) => ({
    since: since + number,
    images: size,
    candidates: Array.from({ length: size }, (_, rank) => ({
      ...{ image: image(`i${number}-${rank}`), action: 'delete' as const, rule: 1, reason: 'too old', rank },
    })),
  }))

const sizes = (cut: readonly Unit[] | undefined): readonly number[] =>
  (cut ?? []).map(({ candidates }) => candidates.length)

const cutAll = (repositories: readonly CutRepository[], atMost: AtMost) => {
  const cut = createCut(atMost)
  for (const one of repositories) cut.add(one)
  return cut
}

const repository = (name: string, population: number, some: readonly Unit[]) => ({
  ...{ repository: name, population, units: some, heldBack: [] },
})

test('of a repository its share goes, the oldest first; what goes together is not parted, and does not block the rest', () => {
  const cut = cutRepository(repository('ci', 50, units([3, 9, 4, 3, 1])), { ...NO_LIMIT, shareOfRepository: 0.2 })
  expect(sizes(cut.units)).toEqual([3, 4, 3])
  expect(cut.heldBack).toEqual([
    { repository: 'ci', images: 10, why: 'a plan takes at most 10 of its 50 images: 20 %' },
  ])
})

test.each([
  [0.29, 100, 29],
  [0.2, 4, 1],
  [0.2, 1, 0],
  [0.07, 100, 7],
  [1, 3, 3],
  [0, 100, 0],
])('%d of %d images are %d', (shareOfRepository, population, most) => {
  const cut = cutRepository(repository('ci', population, units(Array(100).fill(1))), { ...NO_LIMIT, shareOfRepository })
  expect(cut.units).toHaveLength(most)
})

test.each([
  ['an index of five in twenty', 0.2, 20, [5, 1], [5]],
  ['the oldest where half stays', 0.2, 10, [5, 1], [5]],
  ['not where less would stay', 0.2, 9, [5, 1], [1]],
  ['the oldest alone', 0.2, 4, [1, 1, 1], [1]],
  ['nothing by a share of 0 %', 0, 4, [1, 1], []],
])('a share never holds back the oldest: %s', (_, shareOfRepository, population, wanted, taken) => {
  const atMost = { ...NO_LIMIT, shareOfRepository }
  const cut = cutRepository(repository('ci', population, units(wanted)), atMost)
  expect(sizes(cut.units)).toEqual(taken)
  // Whoever carries it out allows just as many.
  const most = mostOfRepository(atMost, population, oldestOf(cut.units))
  expect(most).toBe(Math.max(Math.floor(shareOfRepository * population), taken[0] ?? 0))
})

test('what waits behind the oldest is told why', () => {
  const { heldBack } = cutRepository(repository('ci', 4, units([1, 1])), { ...NO_LIMIT, shareOfRepository: 0.2 })
  const why = 'a plan takes at most 1 of its 4 images: the oldest, though 20 % are fewer'
  expect(heldBack).toEqual([{ repository: 'ci', images: 1, why }])
})

test('nothing that is taken whole is told as held back', () => {
  expect(cutRepository(repository('ci', 3, units([3])), NO_LIMIT).heldBack).toEqual([])
})

test('of a large repository nothing is opened but what may go', () => {
  let opened = 0
  const lazy = units(Array(100).fill(1)).map((unit) => ({
    ...{ since: unit.since, images: unit.images },
    get candidates() {
      opened += 1
      return unit.candidates
    },
  }))
  const atMost = { ...NO_LIMIT, images: 5, shareOfRepository: 0.5 }
  const cut = createCut(atMost)
  cut.add(cutRepository(repository('a', 100, lazy), atMost))
  expect(opened).toBe(5)
  cut.add(repository('b', 100, units([1], -1)))
  const { taken } = cut.end()
  expect([...(taken.get('a') ?? []), ...(taken.get('b') ?? [])].map(({ candidates }) => candidates.length)).toEqual([
    1, 1, 1, 1, 1,
  ])
  expect(opened).toBe(5)
})

test('of all repositories the oldest go, up to their share', () => {
  const all = [repository('a', 40, units([2, 2, 2], 10)), repository('b', 60, units([2, 2, 2], 9))]
  const { taken, heldBack } = cutAll(all, { ...NO_LIMIT, shareOfRegistry: 0.06 }).end()
  expect([sizes(taken.get('a')), sizes(taken.get('b'))]).toEqual([[2], [2, 2]])
  const why = 'a plan takes at most 6 images: 6 % of all 100'
  expect(heldBack).toEqual([
    { repository: 'a', images: 4, why },
    { repository: 'b', images: 2, why },
  ])
})

test('the number of images binds where it is less, and what was held back before is told as well', () => {
  const before = { repository: 'a', images: 9, why: 'its share' }
  const all = [{ ...repository('a', 100, units([1, 1, 1])), heldBack: [before] }]
  const { taken, heldBack } = cutAll(all, { ...NO_LIMIT, images: 2 }).end()
  expect(sizes(taken.get('a'))).toEqual([1, 1])
  expect(heldBack).toEqual([before, { repository: 'a', images: 1, why: 'a plan takes at most 2 images' }])
})

test('where nothing may go, all of it is held back, with one reason', () => {
  const all = [
    { ...repository('a', 9, units([1, 2])), heldBack: [{ repository: 'a', images: 4, why: 'its share' }] },
    repository('b', 9, []),
    { ...repository('c', 9, []), heldBack: [{ repository: 'c', images: 2, why: 'its share' }] },
  ]
  expect(cutAll(all, NO_LIMIT).hold('nobody knows')).toEqual({
    taken: new Map(),
    heldBack: [
      { repository: 'a', images: 7, why: 'nobody knows' },
      { repository: 'c', images: 2, why: 'nobody knows' },
    ],
  })
})

test('of many repositories the oldest go, in whatever order they come, and all others are counted', () => {
  const all = Array.from({ length: 100 }, (_, number) =>
    repository(`r${number}`, 10, units([1, 1, 1], (number * 37) % 100)),
  )
  const { taken, heldBack } = cutAll(all, { ...NO_LIMIT, images: 3 }).end()
  expect([...taken].map(([name, of]) => [name, of.map(({ since }) => since)])).toEqual([
    ['r0', [0, 1]],
    ['r73', [1]],
  ])
  expect(heldBack.reduce((sum, { images }) => sum + images, 0)).toBe(297)
  expect(heldBack.every(({ why }) => why === 'a plan takes at most 3 images')).toBe(true)
})

test('no limit is ever passed, and no image is lost', () => {
  const world = fc.record({
    repositories: fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }), { maxLength: 6 }),
    images: fc.nat(60),
    shareOfRepository: fc.double({ min: 0, max: 1, noNaN: true }),
    shareOfRegistry: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
  fc.assert(
    fc.property(world, ({ repositories, ...atMost }) => {
      const populations = repositories.map((of) => 2 * sum(of))
      const cuts = repositories.map((of, i) =>
        cutRepository(repository(`r${i}`, populations[i] ?? 0, units(of)), atMost),
      )
      const { taken, heldBack } = cutAll(cuts, atMost).end()
      const counts = repositories.map((_, i) => sum(sizes(taken.get(`r${i}`))))
      for (const [i, count] of counts.entries()) {
        const [population = 0, oldest = 0] = [populations[i], repositories[i]?.[0]]
        expect(count).toBeLessThanOrEqual(Math.max(atMost.shareOfRepository * population + 1e-6, oldest))
        expect(count).toBeLessThanOrEqual(mostOfRepository(atMost, population, oldestOf(taken.get(`r${i}`) ?? [])))
      }
      expect(sum(counts)).toBeLessThanOrEqual(atMost.shareOfRegistry * sum(populations) + 1e-6)
      expect(sum(counts)).toBeLessThanOrEqual(atMost.images)
      expect(sum(counts) + sum(heldBack.map(({ images }) => images))).toBe(sum(repositories.flat()))
    }),
  )
})
