import { createHash } from 'node:crypto'
import { unreadable } from './json.ts'

/** The one algorithm that ECR has. */
const DIGEST = /^sha256:[0-9a-f]{64}$/

export const isDigest = (text: unknown): text is string => typeof text === 'string' && DIGEST.test(text)

/** The digest of these bytes. */
export const digestOf = (bytes: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** @param what `its manifest` @throws {Unreadable} where these are not the bytes that the digest names */
export function verify(bytes: Buffer, digest: string, what: string): void {
  if (digestOf(bytes) !== digest) throw unreadable(`${what} does not have its digest`)
}
