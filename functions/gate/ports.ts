import type { Exception } from '../domain/exception.ts'
import type { ImageDetail, ImageManifest, PlatformScan } from '../domain/facts/image-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { Limits } from '../domain/gate/limits.ts'
import type { ImageRef } from '../domain/image.ts'
import type { Severity } from '../domain/severity.ts'
import type { Verdict } from '../domain/verdict.ts'

/** By tag, or by digest. */
export type ImageName = { readonly tag: string } | { readonly digest: string }

/** What became of asking for a scan. `continuous`: enhanced scanning scans by itself, and takes no such order. */
export type ScanStart = 'started' | 'running' | 'continuous' | 'limit' | 'unsupported'

export type FoundImage = {
  readonly ref: ImageRef
  readonly detail: ImageDetail
  /** Whether ECR says that it is an image for one platform and nothing else: its manifest, whose reading is a pull, is not needed. */
  readonly isPlain: boolean
}

/** What the gate reads. Every one of them throws `Unreadable`, and `Gone` where the repository is not there, or the image no longer. */
export type GatePorts = {
  /** Undefined where the repository has no such image, or not yet. */
  find(repository: RepositoryRef, name: ImageName): Promise<FoundImage | undefined>
  manifest(image: ImageRef): Promise<ImageManifest>
  /** The scan of the image, or of a platform of it. */
  scan(image: ImageRef, of: { readonly digest: string; readonly platform?: string | undefined }): Promise<PlatformScan>
  startScan(image: ImageRef, digest: string): Promise<ScanStart>
  /** What the rules on images say of it; none without `--rules`. */
  rules?(image: ImageRef): Promise<readonly Verdict[]>
  /** Waits for so many milliseconds. */
  pause(ms: number): Promise<unknown>
  now(): Date
}

/** What is asked of an image. */
export type GateQuestion = {
  readonly kind: 'gate' | 'scan'
  readonly repository: RepositoryRef
  readonly name: ImageName
  readonly limits: Limits
  /** `--max-high`, `steward.yaml line 12`, `default`. */
  readonly limitsFrom: string
  /** The rule `vulnerabilities` of `steward.yaml`, where the limits are its own and nothing was added to them. */
  readonly limitsRule?: { readonly severity: Severity; readonly line: number } | undefined
  readonly fixableOnly: boolean
  readonly newSince?: ImageName | undefined
  readonly exceptions: readonly Exception[]
  /** Whether what is unknown passes. */
  readonly lenient: boolean
  /** Whether a basic scan is started: `missing` where there is none, `always` also where there is one. */
  readonly startScan: 'never' | 'missing' | 'always'
  /** Milliseconds that the image and its scans may take to be there. */
  readonly timeout: number
}

/** What the gate is waiting for, in words: `the scan of linux/arm64, which is IN_PROGRESS`. Text from outside. */
export type OnWait = (what: string) => void
