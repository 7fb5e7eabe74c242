import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Clusters } from '../../../functions/domain/clean-up/clusters.ts'

/** All numbers that can be reached, by walking. */
function walked(from: number, pairs: readonly (readonly [number, number])[]): readonly number[] {
  const reached = new Set([from])
  // A Set is iterated with what is added on the way.
  for (const one of reached) for (const [a, b] of pairs) if (a === one || b === one) reached.add(a === one ? b : a)
  return [...reached].toSorted((a, b) => a - b)
}

test('where nothing is joined, each is alone', () => {
  const clusters = new Clusters()
  clusters.close()
  expect([clusters.firstOf(7), clusters.of(7)]).toEqual([7, [7]])
})

test('those hang together that can be reached from each other, whatever was joined, and in whatever order', () => {
  const pairs = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 40 })
  fc.assert(
    fc.property(pairs, fc.nat(30), (joined, most) => {
      const clusters = new Clusters()
      for (const [one, other] of joined) clusters.join(one, other, most)
      clusters.close()
      for (let number = 0; number <= 45; number++) {
        const all = walked(number, joined)
        expect(clusters.of(number)).toEqual(all)
        expect(clusters.firstOf(number)).toBe(all[0])
      }
    }),
  )
})
