import type { Ancestor } from '../ancestry/ancestor.ts'
import type { Exception } from '../exception.ts'
import type { ImageDetail, PlatformScan } from '../facts/image-facts.ts'
import type { ImageRef } from '../image.ts'
import type { Severity } from '../severity.ts'
import type { Verdict } from '../verdict.ts'
import type { Limits } from './limits.ts'

/** A scan, or why it could not be read. */
export type ReadScan = PlatformScan & { readonly unread?: string }

/** The image that another one is compared with. */
export type Base = {
  /** As it was asked for: a tag or a digest. */
  readonly name: string
  readonly digest: string
  readonly scans: readonly ReadScan[]
}

/** Everything that was read of an image, and what is asked of it. */
export type Gathered = {
  readonly kind: 'gate' | 'scan'
  readonly image: ImageRef
  readonly detail: ImageDetail
  /** By which it was asked for. */
  readonly tag?: string | undefined
  /** Digest that the tag names now, where that is another one. */
  readonly moved?: string | undefined
  /** What it is, where it is no image: `a Helm chart`. */
  readonly artifact?: string | undefined
  readonly scans: readonly ReadScan[]
  /** How long the scans were waited for. Milliseconds. */
  readonly waited: number
  readonly base?: Base | undefined
  /** What it is built upon, where that was read. */
  readonly ancestor?: Ancestor | undefined
  readonly rules: readonly Verdict[]
  readonly limits: Limits
  readonly limitsFrom: string
  /** The rule of `steward.yaml` that the limits are those of: what is agreed on it is agreed on them. */
  readonly limitsRule?: { readonly severity: Severity; readonly line: number } | undefined
  readonly fixableOnly: boolean
  readonly exceptions: readonly Exception[]
  readonly lenient: boolean
  readonly now: Date
}
