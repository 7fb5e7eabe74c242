import type { Alert } from '../domain/alert.ts'
import type { Finding } from '../domain/finding.ts'
import type { ImageRef } from '../domain/image.ts'
import type { ScanOutcome } from '../domain/scan-status.ts'
import type { SeverityCounts } from '../domain/severity.ts'
import type { Told } from '../domain/triage.ts'

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

/** What the manifest says that the digest is. Only `image` is something that a scanner looks into. */
export type Manifest = { readonly what: 'image' | 'index' | 'artifact'; readonly baseLayer?: string | undefined }

export type ImageReader = {
  /** @throws {Unreadable} */
  scanResult(image: ImageRef): Promise<ScanResult>
  /** @throws {Unreadable} */
  detail(image: ImageRef): Promise<ImageDetail>
  /** @throws {Unreadable} */
  manifest(image: ImageRef): Promise<Manifest>
}

/** A claim on what was told about one subject. Exactly one of the two ends it. */
export type Claim = {
  readonly told: Told | undefined
  /** Remembers what was told, and ends the claim. */
  mark(told: Told): Promise<void>
  /** Ends the claim; what was told before still holds. */
  release(): Promise<void>
}

export type Memory = {
  /** @throws {Later} while another invocation is at work on the same subject */
  claim(subject: string): Promise<Claim>
}

export type AlertSender = { publish(alert: Alert): Promise<void> }

export type Ports = {
  readonly images: ImageReader
  readonly memory: Memory
  readonly alerts: AlertSender
}

export type Deps = {
  readonly ports: Ports
  readonly now: () => Date
  /** Milliseconds since the epoch after which no image is begun: the function must end in time. */
  readonly deadline: number
}

/** What was decided on an image, and the alert that was published, if one was. */
export type Result = { readonly outcome: string; readonly reason: string; readonly alert?: Alert }
