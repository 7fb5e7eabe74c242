import { CHUNK, chunkOf, within } from './chunks.ts'

const HIGH = 2 ** 32
/** Stands for infinity. */
const LAST = 2 ** 48 - 1

const isPlain = (value: number): boolean => value >= 0 && value < LAST && Number.isInteger(value)

/** Milliseconds and bytes: whole numbers below 2^48 - 1 and infinity in six bytes a row, all others on the side. */
export class NumberColumn {
  readonly #low: Uint32Array[] = []
  readonly #high: Uint16Array[] = []
  readonly #others = new Map<number, number>()

  /** Rows are written one after another. */
  set(row: number, value: number): void {
    if (within(row) === 0) {
      this.#low.push(new Uint32Array(CHUNK))
      this.#high.push(new Uint16Array(CHUNK))
    }
    const stored = isPlain(value) ? value : LAST
    if (stored === LAST && value !== Number.POSITIVE_INFINITY)
      this.#others.set(row, value)
      // What is beyond the width of the numbers of an array is cut off where it is written.
    ;(this.#low[chunkOf(row)] as Uint32Array)[within(row)] = stored
    ;(this.#high[chunkOf(row)] as Uint16Array)[within(row)] = stored / HIGH
  }

  get(row: number): number {
    const low = this.#low[chunkOf(row)]?.[within(row)] as number
    const stored = (this.#high[chunkOf(row)]?.[within(row)] as number) * HIGH + low
    return stored === LAST ? (this.#others.get(row) ?? Number.POSITIVE_INFINITY) : stored
  }
}

/** Small numbers from 0: two bytes a row, four in a chunk that holds a larger one. */
export class IdColumn {
  readonly #chunks: (Uint16Array | Uint32Array)[] = []

  set(row: number, id: number): void {
    if (within(row) === 0) this.#chunks.push(new Uint16Array(CHUNK))
    let chunk = this.#chunks[chunkOf(row)] as Uint16Array | Uint32Array
    if (id > 0xffff && chunk instanceof Uint16Array) {
      chunk = Uint32Array.from(chunk)
      this.#chunks[chunkOf(row)] = chunk
    }
    chunk[within(row)] = id
  }

  get(row: number): number {
    return (this.#chunks[chunkOf(row)] as Uint16Array | Uint32Array)[within(row)] as number
  }
}
