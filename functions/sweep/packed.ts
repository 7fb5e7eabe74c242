import { gunzipSync, gzipSync } from 'node:zlib'
import { Unreadable } from '../faults.ts'

/** Bytes that a packed text may unpack to: sixteen times what a sweep packs, unless one repository is larger by itself. */
const MOST = 256_000_000

/** Gzip in base64: what is stored is a text. */
export const packed = (text: string): string => gzipSync(text).toString('base64')

/** @throws {Unreadable} where it is no packed text, or a longer one than anybody writes */
export function unpacked(text: string): string {
  try {
    return gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MOST }).toString('utf8')
  } catch (error) {
    throw new Unreadable('it is not what a sweep has packed', true, error)
  }
}
