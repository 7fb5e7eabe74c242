import { CHUNK, chunkOf, within } from './chunks.ts'

const SHA256 = 'sha256:'
const LENGTH = 'sha256:'.length + 64
const BYTES = 32

const isSha256 = (digest: string): boolean => digest.length === LENGTH && digest.startsWith(SHA256)

const hexOf = (digest: string): string => digest.slice(SHA256.length)

/** Their digits, one after another; undefined where one is none of SHA-256 in lower case. */
function hexOfAll(digests: readonly string[]): string | undefined {
  if (!digests.every(isSha256)) return undefined
  const hex = digests.map(hexOf).join('')
  return hex === hex.toLowerCase() ? hex : undefined
}

const startOf = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number)

/** Holds the place of a digest that lies on the side. */
const NOTHING = `${SHA256}${'00'.repeat(BYTES)}`

/** Texts by which digests are looked for. */
type Wanted = { readonly size: number; has(digest: string): boolean; keys(): Iterable<string> }

/** Digests of SHA-256 in 32 bytes a row, all others on the side. */
export class DigestColumn {
  readonly #chunks: Buffer[] = []
  readonly #others = new Map<number, string>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Digits are read page by page, since that costs a third of reading them digest by digest. */
  push(digests: readonly string[]): void {
    if (!this.#append(digests)) for (const digest of digests) this.#pushOne(digest)
  }

  get(row: number): string {
    const other = this.#others.get(row)
    if (other !== undefined) return other
    const at = within(row) * BYTES
    return `${SHA256}${this.#chunkOf(row).toString('hex', at, at + BYTES)}`
  }

  /** Below zero where the digest of `a` is the smaller text. */
  compare(a: number, b: number): number {
    if (this.#others.size > 0) {
      const [one, other] = [this.get(a), this.get(b)]
      return one < other ? -1 : Number(one > other)
    }
    const [from, to] = [within(a) * BYTES, within(b) * BYTES]
    return this.#chunkOf(a).compare(this.#chunkOf(b), to, to + BYTES, from, from + BYTES)
  }

  /** The rows that hold one of these digests. The text of a digest is made only where its first bytes are wanted. */
  *rowsOf(wanted: Wanted): Generator<readonly [row: number, digest: string]> {
    if (wanted.size === 0) return
    for (const [row, digest] of this.#others) if (wanted.has(digest)) yield [row, digest]
    const starts = new Set<number>()
    for (const digest of wanted.keys()) if (isSha256(digest)) starts.add(startOf(Buffer.from(hexOf(digest), 'hex'), 0))
    for (let row = 0; row < this.#size; row++) {
      if (!starts.has(startOf(this.#chunkOf(row), within(row) * BYTES)) || this.#others.has(row)) continue
      const digest = this.get(row)
      if (wanted.has(digest)) yield [row, digest]
    }
  }

  #chunkOf(row: number): Buffer {
    return this.#chunks[chunkOf(row)] as Buffer
  }

  #pushOne(digest: string): void {
    if (this.#append([digest])) return
    this.#others.set(this.#size, digest)
    this.#append([NOTHING])
  }

  /** Whether it could: where not, nothing was added. */
  #append(digests: readonly string[]): boolean {
    const before = this.#size
    const hex = hexOfAll(digests)
    for (let from = 0; hex !== undefined && from < hex.length; ) {
      const at = within(this.#size) * BYTES
      if (at === 0) this.#chunks[chunkOf(this.#size)] ??= Buffer.alloc(CHUNK * BYTES)
      const written = this.#chunkOf(this.#size).write(from === 0 ? hex : hex.slice(from), at, 'hex')
      if (written % BYTES !== 0 || written === 0) break
      from += 2 * written
      this.#size += written / BYTES
    }
    if (this.#size - before === digests.length) return true
    this.#size = before
    return false
  }
}
