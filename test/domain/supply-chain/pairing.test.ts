import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Known, mostPairs } from '../../../functions/domain/supply-chain/pairing.ts'

/** Every way to give each somebody one name, or none. */
function byTrying(known: readonly Known[], taken: readonly string[] = []): number {
  const [first, ...rest] = known
  if (!first) return taken.length
  const free = first.names.filter((name) => !taken.includes(name))
  return Math.max(byTrying(rest, taken), ...free.map((name) => byTrying(rest, [...taken, name])))
}

it('gives as many names somebody of their own as can be', () => {
  const names = fc.subarray(['a', 'b', 'c', 'd'])
  const all = fc.tuple(names, names, names, names, names)
  fc.assert(
    fc.property(all, (lists) => {
      const known = lists.map((list, index) => ({ who: String(index), names: list }))
      expect(mostPairs(known)).toBe(byTrying(known))
    }),
  )
})

it('takes one who is known twice for one', () => {
  expect(
    mostPairs([
      { who: 'x', names: ['a'] },
      { who: 'x', names: ['b'] },
    ]),
  ).toBe(1)
})
