/** What stands for none. */
const NONE = -1

/**
 * Which of many numbers hang together, in one way or another. Those that nobody joined are alone, and cost nothing as long as
 * nobody joins any; else each number takes 12 bytes.
 */
export class Clusters {
  #parents = new Int32Array(0)
  /** The next larger number of the same cluster. */
  #next = new Int32Array(0)
  /** The smallest number of a cluster, by its root. */
  #first = new Int32Array(0)

  /** @param most of which there will be fewer, as far as it is known: it saves growing */
  join(one: number, other: number, most: number): void {
    const needed = Math.max(one, other) + 1
    if (needed > this.#parents.length) this.#grow(Math.max(needed, most, 2 * this.#parents.length))
    const [root, another] = [this.#rootOf(one), this.#rootOf(other)]
    // The smaller one stays: it does not matter which, as the ways are shortened.
    this.#parents[Math.max(root, another)] = Math.min(root, another)
  }

  /** To be called when all are joined, before anything is asked. */
  close(): void {
    const size = this.#parents.length
    const last = new Int32Array(size).fill(NONE)
    this.#next = new Int32Array(size).fill(NONE)
    this.#first = new Int32Array(size)
    for (let number = 0; number < size; number++) {
      const root = this.#rootOf(number)
      const before = last[root] as number
      if (before === NONE) this.#first[root] = number
      else this.#next[before] = number
      last[root] = number
    }
  }

  /** The smallest number of the cluster of another. */
  firstOf(number: number): number {
    return number < this.#parents.length ? (this.#first[this.#rootOf(number)] as number) : number
  }

  /** All of a cluster, the smallest first. */
  of(number: number): readonly number[] {
    const all = [this.firstOf(number)]
    if (number >= this.#parents.length) return all
    for (let next = this.#next[all[0] as number] as number; next !== NONE; next = this.#next[next] as number)
      all.push(next)
    return all
  }

  #grow(size: number): void {
    const parents = new Int32Array(size)
    parents.set(this.#parents)
    for (let number = this.#parents.length; number < size; number++) parents[number] = number
    this.#parents = parents
  }

  #rootOf(number: number): number {
    const parents = this.#parents
    let at = number
    while (parents[at] !== at) {
      // The way is shortened, so that the next one is not as long.
      const above = parents[parents[at] as number] as number
      parents[at] = above
      at = above
    }
    return at
  }
}
