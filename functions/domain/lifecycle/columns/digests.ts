import { CHUNK, chunkOf, within } from './chunks.ts'

const SHA256 = 'sha256:'
const BYTES = 32

/** What no hexadecimal digit is worth: it has bits that none of them has. */
const NONE = 0xff

/** Values of hexadecimal digits by their code, in lower case as they are in a digest. */
const VALUES = new Uint8Array(128).fill(NONE)
for (const [value, digit] of [...'0123456789abcdef'].entries()) VALUES[digit.charCodeAt(0)] = value

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Writes the bytes of a digest; false where it is none of SHA-256, and what was written means nothing. */
function write(digest: string, bytes: Uint8Array, at: number): boolean {
  if (digest.length !== SHA256.length + 2 * BYTES || !digest.startsWith(SHA256)) return false
  let seen = 0
  for (let n = 0, code = SHA256.length; n < BYTES; n++, code += 2) {
    const high = VALUES[digest.charCodeAt(code)] ?? NONE
    const low = VALUES[digest.charCodeAt(code + 1)] ?? NONE
    seen |= high | low
    bytes[at + n] = (high << 4) | low
  }
  return seen < 16
}

const first4 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number)

/** Digests of SHA-256 in 32 bytes a row, all others on the side. */
export class DigestColumn {
  readonly #chunks: Uint8Array[] = []
  readonly #others = new Map<number, string>()
  #size = 0

  push(digest: string): void {
    const row = this.#size++
    if (within(row) === 0) this.#chunks.push(new Uint8Array(CHUNK * BYTES))
    if (!write(digest, this.#chunks[chunkOf(row)] as Uint8Array, within(row) * BYTES)) this.#others.set(row, digest)
  }

  get size(): number {
    return this.#size
  }

  get(row: number): string {
    const other = this.#others.get(row)
    if (other !== undefined) return other
    const [bytes, at] = [this.#chunks[chunkOf(row)] as Uint8Array, within(row) * BYTES]
    let digest = SHA256
    for (let n = 0; n < BYTES; n++) digest += PAIRS[bytes[at + n] as number]
    return digest
  }

  /** Below zero where the digest of `a` is the smaller text. */
  compare(a: number, b: number): number {
    if (this.#others.size > 0) {
      const [one, other] = [this.get(a), this.get(b)]
      return one < other ? -1 : Number(one > other)
    }
    const [left, from] = [this.#chunks[chunkOf(a)] as Uint8Array, within(a) * BYTES]
    const [right, to] = [this.#chunks[chunkOf(b)] as Uint8Array, within(b) * BYTES]
    for (let n = 0; n < BYTES; n++) {
      const difference = (left[from + n] as number) - (right[to + n] as number)
      if (difference !== 0) return difference
    }
    return 0
  }

  /** The rows that hold one of these digests. The text of a digest is made only where its first bytes are wanted. */
  *rowsOf(wanted: {
    readonly size: number
    has(digest: string): boolean
    keys(): Iterable<string>
  }): Generator<[number, string]> {
    if (wanted.size === 0) return
    for (const [row, digest] of this.#others) if (wanted.has(digest)) yield [row, digest]
    const starts = new Set<number>()
    const bytes = new Uint8Array(BYTES)
    for (const digest of wanted.keys()) if (write(digest, bytes, 0)) starts.add(first4(bytes, 0))
    for (let row = 0; row < this.#size; row++) {
      if (!starts.has(first4(this.#chunks[chunkOf(row)] as Uint8Array, within(row) * BYTES))) continue
      const digest = this.get(row)
      if (wanted.has(digest) && !this.#others.has(row)) yield [row, digest]
    }
  }
}
