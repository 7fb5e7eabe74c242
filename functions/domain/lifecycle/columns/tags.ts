/** Rows whose tags lie together. */
const BLOCK = 1_024

/** Below all characters of a tag: what stands between tags and between rows. */
const SPACE = 0x20

type Block = Uint8Array | readonly (readonly string[])[]

const lineOf = (tags: readonly string[]): string => (tags.length === 1 ? (tags[0] as string) : tags.join(' '))

/** A line for each row, with spaces between tags; undefined where a tag is empty or has other characters than tags have. */
function bytesOf(rows: readonly (readonly string[])[]): Uint8Array | undefined {
  let between = rows.length - 1
  for (const tags of rows) {
    if (tags.includes('')) return undefined
    between += Math.max(0, tags.length - 1)
  }
  const text = rows.map(lineOf).join('\n')
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] as number) <= SPACE) between--
  return between === 0 && bytes.length === text.length ? bytes : undefined
}

/** The tags of rows, about as long as their texts. Rows among which are tags that no registry takes are held as they are. */
export class TagColumn {
  readonly #blocks: Block[] = []
  /** Rows of the block that is being filled. */
  #open: (readonly string[])[] = []
  /** The block that was read last. */
  #read: { readonly block: Block; readonly rows: readonly string[] } | undefined

  push(tags: readonly string[]): void {
    if (this.#open.push(tags) < BLOCK) return
    this.#blocks.push(bytesOf(this.#open) ?? this.#open)
    this.#open = []
  }

  get(row: number): readonly string[] {
    const block = this.#blocks[Math.floor(row / BLOCK)] ?? this.#open
    if (!(block instanceof Uint8Array)) return block[row % BLOCK] as readonly string[]
    if (this.#read?.block !== block) this.#read = { block, rows: new TextDecoder().decode(block).split('\n') }
    const line = this.#read.rows[row % BLOCK] as string
    return line === '' ? [] : line.split(' ')
  }
}
