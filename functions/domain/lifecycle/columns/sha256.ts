export const SHA256 = 'sha256:'
/** Bytes of a digest. */
export const BYTES = 32

const LENGTH = SHA256.length + 2 * BYTES
const HEX = '0123456789abcdef'

/** Two or four characters as one number, the first in its lowest byte. */
const numberOf = (characters: string): number => Buffer.from(characters, 'latin1').readIntLE(0, characters.length)

/** By two digits, read as one number, the byte that they write; below zero where they are none of lower case. */
const BYTE_OF = new Int16Array(2 ** 16).fill(-1)
for (let byte = 0; byte < 256; byte++) BYTE_OF[numberOf(`${HEX[byte >> 4]}${HEX[byte & 15]}`)] = byte

/** Its first four characters, and its last four. */
const PREFIX = [numberOf(SHA256.slice(0, 4)), numberOf(SHA256.slice(-4))] as const

/** Whether it has the length and the prefix of one of SHA-256. */
export const isSha256 = (digest: string): boolean => digest.length === LENGTH && digest.startsWith(SHA256)

/** Reads texts of digests many at a time: as one text, from bytes, two digits at once. */
export class Sha256Reader {
  #text = new DataView(new ArrayBuffer(0))

  /** Takes texts in, until the next are. Whether all have the length of one of SHA-256, and no letters beyond ASCII. */
  take(digests: readonly string[]): boolean {
    // A text that grows is flattened once, in half the time of a join.
    let text = ''
    for (const digest of digests) {
      if (digest.length !== LENGTH) return false
      text += digest
    }
    if (this.#text.byteLength < text.length) this.#text = new DataView(new ArrayBuffer(text.length))
    return new TextEncoder().encodeInto(text, new Uint8Array(this.#text.buffer)).written === text.length
  }

  /** Writes the bytes of one of them, four at once. Whether it is one of SHA-256 in lower case; if not, what is written is none. */
  write(place: number, bytes: DataView, from: number): boolean {
    const text = this.#text
    const start = place * LENGTH
    if (text.getInt32(start, true) !== PREFIX[0] || text.getInt32(start + SHA256.length - 4, true) !== PREFIX[1])
      return false
    let all = 0
    for (let at = 0; at < BYTES; at += 4) {
      const digits = start + SHA256.length + 2 * at
      const first = BYTE_OF[text.getUint16(digits, true)] as number
      const second = BYTE_OF[text.getUint16(digits + 2, true)] as number
      const third = BYTE_OF[text.getUint16(digits + 4, true)] as number
      const fourth = BYTE_OF[text.getUint16(digits + 6, true)] as number
      all |= first | second | third | fourth
      bytes.setInt32(from + at, first | (second << 8) | (third << 16) | (fourth << 24), true)
    }
    return all >= 0
  }
}
