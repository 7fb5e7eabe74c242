/** Rows whose tags lie together. */
const BLOCK = 1_024

/** What ends a tag and a row. Neither is in a tag. */
const [SPACE, LINE] = [0x20, 0x0a]
const LAST = 0x7e

/** Tags as bytes, with one more for each tag and each row. Tags that no registry takes lie on the side. */
export class TagColumn {
  readonly #blocks: Uint8Array[] = []
  readonly #others = new Map<number, readonly string[]>()
  /** The block that is being filled. */
  #open = new Uint8Array(16 * BLOCK)
  #length = 0
  #rows = 0
  /** The block that was read last. */
  #read: { readonly block: number; readonly rows: readonly string[] } | undefined

  push(tags: readonly string[]): void {
    if (!this.#write(tags)) this.#others.set(this.#rows, [...tags])
    this.#open[this.#length++] = LINE
    this.#rows++
    this.#read = undefined
    if (this.#rows % BLOCK !== 0) return
    this.#blocks.push(this.#open.slice(0, this.#length))
    this.#length = 0
  }

  get(row: number): readonly string[] {
    const other = this.#others.get(row)
    if (other) return other
    return (this.#rowsOf(Math.floor(row / BLOCK))[row % BLOCK] as string).split(' ').slice(0, -1)
  }

  #rowsOf(block: number): readonly string[] {
    if (this.#read?.block === block) return this.#read.rows
    const bytes = this.#blocks[block] ?? this.#open.subarray(0, this.#length)
    const rows = new TextDecoder().decode(bytes).split('\n')
    this.#read = { block, rows }
    return rows
  }

  /** Whether it could: where not, the row is empty. */
  #write(tags: readonly string[]): boolean {
    let at = this.#length
    this.#reserve(tags)
    for (const tag of tags) {
      if (tag === '') return false
      for (let n = 0; n < tag.length; n++) {
        const code = tag.charCodeAt(n)
        if (code <= SPACE || code > LAST) return false
        this.#open[at++] = code
      }
      this.#open[at++] = SPACE
    }
    this.#length = at
    return true
  }

  #reserve(tags: readonly string[]): void {
    let needed = this.#length + 1
    for (const tag of tags) needed += tag.length + 1
    if (needed <= this.#open.length) return
    const larger = new Uint8Array(2 * needed)
    larger.set(this.#open)
    this.#open = larger
  }
}
