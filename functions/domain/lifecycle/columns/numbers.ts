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
    if (stored === LAST && value !== Number.POSITIVE_INFINITY) this.#others.set(row, value)
    const [low, high] = [this.#low[chunkOf(row)], this.#high[chunkOf(row)]] as [Uint32Array, Uint16Array]
    low[within(row)] = stored % HIGH
    high[within(row)] = stored / HIGH
  }

  get(row: number): number {
    const [low, high] = [this.#low[chunkOf(row)], this.#high[chunkOf(row)]] as [Uint32Array, Uint16Array]
    const stored = (high[within(row)] as number) * HIGH + (low[within(row)] as number)
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
