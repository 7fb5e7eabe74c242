import { CHUNK, chunkOf, within } from './chunks.ts'

/** Milliseconds and bytes, infinity included: eight bytes a row. */
export class NumberColumn {
  readonly #chunks: Float64Array[] = []

  /** Rows are written one after another. */
  set(row: number, value: number): void {
    if (within(row) === 0) this.#chunks.push(new Float64Array(CHUNK))
    ;(this.#chunks[chunkOf(row)] as Float64Array)[within(row)] = value
  }

  get(row: number): number {
    return (this.#chunks[chunkOf(row)] as Float64Array)[within(row)] as number
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
