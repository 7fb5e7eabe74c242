import type { Combination } from './combinations.ts'
import { Newest } from './newest.ts'
import type { Rule } from './rule.ts'

/** Rows as a count needs them. */
export type Counted = {
  readonly size: number
  combinationOf(row: number): Combination
  /** Below zero where `a` is newer. */
  compare(a: number, b: number): number
  /** Whether it follows another image, and so is not counted. */
  follows(row: number): boolean
}

/** The rows that rules count: which are beyond, found in one pass, and which place each has, found when asked for. */
export class Counts {
  readonly #rows: Counted
  /** Of each rule the last row that stays; undefined where all of them do. */
  readonly #lasts: readonly (number | undefined)[]
  readonly #orders = new Map<number, Uint32Array>()

  /** Rules in the order of their priority. */
  constructor(rules: readonly Rule[], rows: Counted) {
    this.#rows = rows
    const isNewer = (a: number, b: number) => rows.compare(a, b) < 0
    const newest = rules.map(({ count }) => ('images' in count ? new Newest(count.images, isNewer) : undefined))
    if (newest.some(Boolean)) {
      for (let row = 0; row < rows.size; row++) {
        const { counting } = rows.combinationOf(row)
        if (counting.length === 0 || rows.follows(row)) continue
        for (const place of counting) (newest[place] as Newest).offer(row)
      }
    }
    this.#lasts = newest.map((one) => one?.last)
  }

  /** Whether as many newer images as the rule keeps are there. The rule is named by its place. */
  isBeyond(row: number, place: number): boolean {
    const last = this.#lasts[place]
    return last !== undefined && this.#rows.compare(row, last) > 0
  }

  /** The number of a row among those that a rule counts; the newest is 1. */
  numberOf(row: number, place: number): number {
    const order = this.#orders.get(place) ?? this.#sorted(place)
    this.#orders.set(place, order)
    let [low, high] = [0, order.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#rows.compare(order[middle] as number, row) < 0) low = middle + 1
      else high = middle
    }
    return low + 1
  }

  #sorted(place: number): Uint32Array {
    const { size } = this.#rows
    const counted = Array.from({ length: size }, (_, row) => row).filter(
      (row) => this.#rows.combinationOf(row).counting.includes(place) && !this.#rows.follows(row),
    )
    return Uint32Array.from(counted).sort((a, b) => this.#rows.compare(a, b))
  }
}
