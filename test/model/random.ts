/** Numbers that look random, the same ones for the same seed. */
export type Random = {
  /** 0 ≤ x < 1 */
  next(): number
  /** 0 ≤ n < below, whole. */
  int(below: number): number
  chance(share: number): boolean
  pick<T>(from: readonly T[]): T
  some<T>(from: readonly T[], share: number): readonly T[]
}

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (below: number): number => Math.floor(next() * below)
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: (from) => from[int(from.length)] as (typeof from)[number],
    some: (from, share) => from.filter(() => next() < share),
  }
}
