import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Candidate } from '../../../functions/domain/clean-up/candidates.ts'
import { imageGraph } from '../../../functions/domain/clean-up/image-graph.ts'
import { inGoingOrder, unitsOf } from '../../../functions/domain/clean-up/units.ts'
import type { StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import { about, childrenOf, INDEX, image } from './images.ts'

const going = (images: readonly StoredImage[]): ReadonlyMap<string, Candidate> =>
  new Map(images.map((one) => [one.digest, { image: one, action: 'delete', rule: 1, reason: 'too old' }]))

const name = ({ image: { tags } }: Candidate): string => tags[0] ?? ''

/** Names of what goes together, and of all in the order in which it goes. */
function placed(images: readonly StoredImage[], children: Readonly<Record<string, readonly string[]>> = {}) {
  const units = unitsOf(imageGraph({ images, children: childrenOf(children) }), going(images))
  return { units: units.map(({ candidates }) => candidates.map(name)), order: inGoingOrder(units).map(name) }
}

test('the oldest goes first', () => {
  const images = [image('new', { hours: 30 }), image('old', { hours: 300 }), image('older', { hours: 3_000 })]
  expect(placed(images)).toEqual({ units: [['older'], ['old'], ['new']], order: ['older', 'old', 'new'] })
})

test('indexes go before what they list, images before what is about them, and each with all of it', () => {
  const images = [
    { ...image('signature', { hours: 900 }), tags: ['signature', about('leaf')] },
    image('leaf', { hours: 800 }),
    image('inner', { mediaType: INDEX, hours: 700 }),
    image('index', { mediaType: INDEX, hours: 600 }),
    image('alone', { hours: 850 }),
    image('other', { mediaType: INDEX, hours: 650 }),
  ]
  expect(placed(images, { index: ['inner'], inner: ['leaf'] })).toEqual({
    units: [['index', 'inner', 'leaf', 'signature'], ['alone'], ['other']],
    order: ['other', 'index', 'inner', 'alone', 'leaf', 'signature'],
  })
})

test('two indexes that share a child go together', () => {
  const images = [image('a', { mediaType: INDEX }), image('b', { mediaType: INDEX }), image('c'), image('d')]
  expect(placed(images, { a: ['c'], b: ['c'] }).units.map((unit) => unit.toSorted())).toEqual([['a', 'b', 'c'], ['d']])
})

test('a circle of tags is no way to hang it', () => {
  const images = [
    { ...image('a'), tags: ['a', about('b')] },
    { ...image('b'), tags: ['b', about('a')] },
    { ...image('c'), tags: ['c', about('c')] },
  ]
  expect(placed(images).units.map((unit) => unit.toSorted())).toEqual([['a', 'b'], ['c']])
})

test('whatever the graph, all go once, none before what lists it or what it is about, and linked ones together', () => {
  const links = fc.array(fc.tuple(fc.nat(11), fc.nat(11), fc.boolean()), { maxLength: 16 })
  fc.assert(
    fc.property(links, fc.array(fc.nat(50), { minLength: 12, maxLength: 12 }), (drawn, hours) => {
      // Only a later one lists, or is the subject of, an earlier one: there are no circles.
      const pairs = drawn.flatMap(([from, to, lists]) => (from > to ? [{ from: `i${from}`, to: `i${to}`, lists }] : []))
      const images = hours.map((ago, number) => ({
        ...image(`i${number}`, {
          hours: 100 + ago,
          mediaType: pairs.some(({ from, lists }) => lists && from === `i${number}`) ? INDEX : 'x',
        }),
        tags: [
          `i${number}`,
          ...pairs.flatMap(({ from, to, lists }) => (!lists && to === `i${number}` ? [about(from)] : [])),
        ],
      }))
      const lists = Object.groupBy(
        pairs.filter((pair) => pair.lists),
        ({ from }) => from,
      )
      const children = Object.fromEntries(
        Object.entries(lists).map(([from, of = []]) => [from, of.map(({ to }) => to)]),
      )
      const { units, order } = placed(images, children)
      expect(order.toSorted()).toEqual(images.map(({ tags }) => tags[0]).toSorted())
      for (const { from, to, lists: isChild } of pairs) {
        expect(units.find((unit) => unit.includes(from))).toContain(to)
        if (isChild) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to))
      }
    }),
  )
})
