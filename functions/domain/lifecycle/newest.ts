/** The newest of the rows that are offered, without sorting them: a heap with the oldest of those at its top. */
export class Newest {
  readonly #heap: number[] = []
  readonly #most: number
  readonly #isNewer: (a: number, b: number) => boolean
  #isBeyond = false

  constructor(most: number, isNewer: (a: number, b: number) => boolean) {
    this.#most = most
    this.#isNewer = isNewer
  }

  offer(row: number): void {
    if (this.#heap.length < this.#most) {
      this.#heap.push(row)
      this.#rise(row)
      return
    }
    this.#isBeyond = true
    if (this.#isNewer(row, this.#heap[0] as number)) this.#sink(row)
  }

  /** The oldest row that is among them, where there are older ones. */
  get last(): number | undefined {
    return this.#isBeyond ? this.#heap[0] : undefined
  }

  #rise(row: number): void {
    let at = this.#heap.length - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#isNewer(this.#heap[parent] as number, row)) break
      this.#heap[at] = this.#heap[parent] as number
      at = parent
    }
    this.#heap[at] = row
  }

  /** Puts the row in the place of the oldest. */
  #sink(row: number): void {
    const heap = this.#heap
    let at = 0
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      const right = child + 1
      if (right < heap.length && this.#isNewer(heap[child] as number, heap[right] as number)) child = right
      if (!this.#isNewer(row, heap[child] as number)) break
      heap[at] = heap[child] as number
      at = child
    }
    heap[at] = row
  }
}
