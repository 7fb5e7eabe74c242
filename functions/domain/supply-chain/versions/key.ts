/**
 * A piece of a version. Of two versions the first piece that differs decides: by its rank, then by its value, which is of one
 * kind for each rank. What is no longer there has rank 0: below it is what comes before a release, as `-rc.1` does.
 */
export type Piece = readonly [rank: number, value?: bigint | string | undefined]

/** What orders the versions of an ecosystem; undefined of a text that is no version there. */
export type Scheme = (version: string) => readonly Piece[] | undefined

export const END: Piece = [0]

function compareValues(a: bigint | string = '', b: bigint | string = ''): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Negative where `a` comes before `b`. A total order, whatever the pieces. */
export function compareKeys(a: readonly Piece[], b: readonly Piece[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [[rank, value], [otherRank, otherValue]] = [a[at] ?? END, b[at] ?? END]
    const difference = rank - otherRank || compareValues(value, otherValue)
    if (difference !== 0) return difference
  }
  return 0
}

/** Numbers of a text such as `1.2.0`, without zeros at its end: those say nothing. */
export function numbersIn(text: string): bigint[] {
  const numbers = text.split('.').map(BigInt)
  return numbers.slice(0, numbers.findLastIndex((number) => number !== 0n) + 1)
}
