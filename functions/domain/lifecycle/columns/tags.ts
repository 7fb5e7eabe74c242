/** Rows whose tags lie together. */
const BLOCK = 1_024

const SPACE = 0x20
const LINE_FEED = 0x0a
const LAST_OF_ASCII = 0x7f

type Block = Uint8Array | readonly (readonly string[])[]

const lengthOf = (tags: readonly string[]): number => {
  let length = tags.length + 1
  for (const tag of tags) length += tag.length
  return length
}

/** Writes a tag at a place; where it ends, and below zero where a tag is empty or has other characters than tags have. */
function written(tag: string, bytes: Uint8Array, from: number): number {
  for (let at = 0; at < tag.length; at++) {
    const code = tag.charCodeAt(at)
    if (code <= SPACE || code >= LAST_OF_ASCII) return -1
    bytes[from + at] = code
  }
  return tag === '' ? -1 : from + tag.length
}

/** The tags of rows, about as long as their texts. Rows among which are tags that no registry takes are held as they are. */
export class TagColumn {
  readonly #blocks: Block[] = []
  /** Rows of the block that is being filled. */
  #open: (readonly string[])[] = []
  /** A line for each of them, with spaces between tags. */
  #lines = new Uint8Array(BLOCK * 16)
  /** Where the next line begins; below zero where a row cannot be a line. */
  #end = 0
  /** The block that was read last. */
  #read: { readonly block: Block; readonly rows: readonly string[] } | undefined

  push(tags: readonly string[]): void {
    if (this.#end >= 0) this.#end = this.#write(tags)
    if (this.#open.push(tags) < BLOCK) return
    this.#blocks.push(this.#end < 0 ? this.#open : this.#lines.slice(0, this.#end - 1))
    this.#open = []
    this.#end = 0
  }

  get(row: number): readonly string[] {
    const block = this.#blocks[Math.floor(row / BLOCK)] ?? this.#open
    if (!(block instanceof Uint8Array)) return block[row % BLOCK] as readonly string[]
    if (this.#read?.block !== block) this.#read = { block, rows: new TextDecoder().decode(block).split('\n') }
    const line = this.#read.rows[row % BLOCK] as string
    return line === '' ? [] : line.split(' ')
  }

  #write(tags: readonly string[]): number {
    const most = this.#end + lengthOf(tags)
    if (most > this.#lines.length) this.#grow(most)
    let at = this.#end
    for (let n = 0; n < tags.length; n++) {
      if (n > 0) this.#lines[at++] = SPACE
      at = written(tags[n] as string, this.#lines, at)
      if (at < 0) return at
    }
    this.#lines[at] = LINE_FEED
    return at + 1
  }

  #grow(most: number): void {
    const larger = new Uint8Array(2 * most)
    larger.set(this.#lines)
    this.#lines = larger
  }
}
