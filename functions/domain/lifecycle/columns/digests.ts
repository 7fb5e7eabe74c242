import { CHUNK, chunkOf, within } from './chunks.ts'
import { BYTES, isSha256, SHA256, Sha256Reader } from './sha256.ts'

const hexOf = (digest: string): string => digest.slice(SHA256.length)

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
  /** The same memory. */
  readonly #views: DataView[] = []
  readonly #others = new Map<number, string>()
  readonly #reader = new Sha256Reader()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Digits are read page by page, since that costs half of reading them digest by digest. */
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
    if (!this.#reader.take(digests)) return false
    for (let place = 0; place < digests.length; place++) {
      const row = this.#size + place
      if (chunkOf(row) === this.#chunks.length) this.#grow()
      if (!this.#reader.write(place, this.#views[chunkOf(row)] as DataView, within(row) * BYTES)) return false
    }
    this.#size += digests.length
    return true
  }

  #grow(): void {
    const memory = new ArrayBuffer(CHUNK * BYTES)
    this.#chunks.push(Buffer.from(memory))
    this.#views.push(new DataView(memory))
  }
}
