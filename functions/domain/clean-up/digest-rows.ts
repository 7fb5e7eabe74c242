import { DigestColumn } from '../lifecycle/columns/digests.ts'

/** Of the table at first; a power of two. */
const SLOTS = 1_024

/** FNV-1a: short, and good enough for digits that look like chance or count up. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash ^ (hash >>> 15)
}

/** Digests, numbered in the order of adding, and found again: about 50 bytes each, where a Map of texts takes three times that. */
export class DigestRows {
  readonly #digests = new DigestColumn()
  /** One more than the row in each slot; 0 where it is free. */
  #rows = new Int32Array(SLOTS)
  /** Of the digest in each slot: few texts are made to compare. */
  #hashes = new Int32Array(SLOTS)

  get size(): number {
    return this.#digests.size
  }

  get(row: number): string {
    return this.#digests.get(row)
  }

  rowOf(digest: string): number | undefined {
    const hash = hashOf(digest)
    for (let slot = this.#startOf(hash); this.#rows[slot] !== 0; slot = this.#after(slot)) {
      const row = (this.#rows[slot] as number) - 1
      if (this.#hashes[slot] === hash && this.#digests.get(row) === digest) return row
    }
    return undefined
  }

  /** @param digests none of which is there yet, each once */
  push(digests: readonly string[]): void {
    let row = this.size
    this.#digests.push(digests)
    for (const digest of digests) {
      // At most half of the slots are taken, so that a free one is near.
      if (2 * row >= this.#rows.length) this.#grow()
      this.#put(row++, hashOf(digest))
    }
  }

  #startOf(hash: number): number {
    return hash & (this.#rows.length - 1)
  }

  #after(slot: number): number {
    return (slot + 1) & (this.#rows.length - 1)
  }

  #put(row: number, hash: number): void {
    let slot = this.#startOf(hash)
    while (this.#rows[slot] !== 0) slot = this.#after(slot)
    this.#rows[slot] = row + 1
    this.#hashes[slot] = hash
  }

  #grow(): void {
    const [rows, hashes] = [this.#rows, this.#hashes]
    this.#rows = new Int32Array(2 * rows.length)
    this.#hashes = new Int32Array(2 * rows.length)
    for (const [slot, one] of rows.entries()) if (one !== 0) this.#put(one - 1, hashes[slot] as number)
  }
}
