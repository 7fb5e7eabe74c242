import type { AlertSender } from '../alert-sender.ts'
import type { Described } from '../domain/ancestry/ancestor.ts'
import type { BaseImage } from '../domain/facts/image-facts.ts'
import type { Finding } from '../domain/finding.ts'
import type { ImageRef } from '../domain/image.ts'
import type { ScanOutcome } from '../domain/scan-status.ts'
import type { SeverityCounts } from '../domain/severity.ts'
import type { Told } from '../domain/triage.ts'
import type { Memory } from '../memory.ts'

/** Result of a scan as ECR has it now. */
export type ScanResult = {
  /** As ECR spells it: `COMPLETE`, `ACTIVE`, `PENDING`, `FAILED`, … */
  readonly status: string
  readonly outcome: ScanOutcome
  readonly description?: string | undefined
  /** ISO 8601 instant. */
  readonly scannedAt?: string | undefined
  readonly counts: SeverityCounts
  readonly findings: readonly Finding[]
}

export type ImageDetail = { readonly tags: readonly string[]; readonly pushedAt?: string | undefined }

/** What the manifest says that the digest is. Only `image` is something that a scanner looks into: what it is made of. */
export type Manifest = { readonly what: 'image' | 'index' | 'artifact'; readonly described?: Described | undefined }

export type ImageReader = {
  /** @throws {Unreadable} */
  scanResult(image: ImageRef): Promise<ScanResult>
  /** @throws {Unreadable} */
  detail(image: ImageRef): Promise<ImageDetail>
  /** @throws {Unreadable} */
  manifest(image: ImageRef): Promise<Manifest>
  /** The images that others are built upon, of the registry of an image: those of the repositories that `base-image` names. @throws {Unreadable} */
  bases(image: ImageRef): Promise<readonly BaseImage[]>
}

export type Ports = {
  readonly images: ImageReader
  readonly memory: Memory<Told>
  readonly alerts: AlertSender
}

export type Deps = {
  readonly ports: Ports
  readonly now: () => Date
  /** Milliseconds since the epoch after which no image is begun: the function must end in time. */
  readonly deadline: number
}
