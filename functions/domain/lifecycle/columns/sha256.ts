export const SHA256 = 'sha256:'
/** Bytes of a digest. */
export const BYTES = 32

const LENGTH = SHA256.length + 2 * BYTES
/** From one text to the next, with a space between. */
const STRIDE = LENGTH + 1
const HEX = '0123456789abcdef'
const PREFIX = new TextEncoder().encode(SHA256)

/** By two digits, read as one number, the byte that they write; below zero where they are none of lower case. */
const BYTE_OF = new Int16Array(2 ** 16).fill(-1)
const both = new Uint8Array(2)
const pair = new Uint16Array(both.buffer)
for (let byte = 0; byte < 256; byte++) {
  new TextEncoder().encodeInto(`${HEX[byte >> 4]}${HEX[byte & 15]}`, both)
  BYTE_OF[pair[0] as number] = byte
}

/** Whether it has the length and the prefix of one of SHA-256. */
export const isSha256 = (digest: string): boolean => digest.length === LENGTH && digest.startsWith(SHA256)

const isLong = (digest: string): boolean => digest.length === LENGTH

/** Reads texts of digests many at a time: as one text, from bytes, two digits at once. */
export class Sha256Reader {
  #text = new Uint8Array(0)
  /** The same memory, from one byte before: so the digits of each digest lie in whole pairs. */
  #pairs = new Uint16Array(0)
  #bytes = new Uint8Array(0)

  /** Their bytes, until the next are read; undefined where one is none of SHA-256 in lower case. */
  read(digests: readonly string[]): Uint8Array | undefined {
    if (!digests.every(isLong)) return undefined
    this.#grow(digests.length)
    const text = digests.join(' ')
    const { written } = new TextEncoder().encodeInto(text, this.#text)
    if (written !== text.length) return undefined
    for (let row = 0; row < digests.length; row++) {
      if (
        !this.#isPrefixed(row) ||
        !readPairs(this.#pairs, (row * STRIDE + 1 + SHA256.length) / 2, this.#bytes, row * BYTES)
      )
        return undefined
    }
    return this.#bytes.subarray(0, digests.length * BYTES)
  }

  #grow(digests: number): void {
    if (this.#bytes.length >= digests * BYTES) return
    const memory = new ArrayBuffer(digests * STRIDE)
    this.#text = new Uint8Array(memory, 1)
    this.#pairs = new Uint16Array(memory)
    this.#bytes = new Uint8Array(digests * BYTES)
  }

  #isPrefixed(row: number): boolean {
    const text = this.#text
    const start = row * STRIDE
    for (let at = 0; at < PREFIX.length; at++) if (text[start + at] !== PREFIX[at]) return false
    return true
  }
}

/** Writes the bytes of a digest; whether all its digits are some. */
function readPairs(pairs: Uint16Array, first: number, bytes: Uint8Array, from: number): boolean {
  let all = 0
  for (let at = 0; at < BYTES; at++) {
    const byte = BYTE_OF[pairs[first + at] as number] as number
    all |= byte
    bytes[from + at] = byte
  }
  return all >= 0
}
