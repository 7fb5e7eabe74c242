import type { Finding } from './finding.ts'
import type { ImageRef } from './image.ts'
import type { Severity, SeverityCounts } from './severity.ts'

/** What every EventBridge event carries. */
export type EventHead = {
  readonly id: string
  /** ISO 8601 instant of the event. */
  readonly time: string
  readonly account: string
  readonly region: string
  readonly detailType: string
}

/** A basic (`ECR Image Scan`) or enhanced (`Inspector2 Scan`) scan that ended, one way or the other. */
export type ScanEvent = EventHead & {
  readonly type: 'scan'
  readonly scanner: 'basic' | 'enhanced'
  readonly image: ImageRef
  /** As sent: `COMPLETE`, `INITIAL_SCAN_COMPLETE`, `FAILED`, … */
  readonly status: string
  readonly outcome: 'complete' | 'failed' | 'pending'
  /** Without `TOTAL`; empty where the event names none. */
  readonly counts: SeverityCounts
  /** The scan is complete, yet the event names no counts at all: unknown, not clean. */
  readonly uncounted?: true | undefined
}

/** One finding of one image was created, updated or closed (`Inspector2 Finding`). */
export type FindingEvent = EventHead & {
  readonly type: 'finding'
  readonly image: ImageRef
  readonly status: 'ACTIVE' | 'CLOSED' | 'SUPPRESSED'
  readonly severity: Severity
  /** One per vulnerable package; empty where it is not a package vulnerability. */
  readonly findings: readonly Finding[]
  /** `CVE-2024-6119 - libssl3t64, openssl`. */
  readonly title?: string | undefined
  /** ISO 8601 instant. */
  readonly firstSeen?: string | undefined
  /** ISO 8601 instant of the push of the image. */
  readonly pushedAt?: string | undefined
}

/** A documented event that a later consumer will read. */
export type RecognisedEvent = EventHead & {
  readonly type: 'recognised'
  /** `PUSH`, `DELETE`, `REPLICATE`, … */
  readonly action?: string | undefined
  /** `SUCCESS`, `FAILED`, … */
  readonly result?: string | undefined
  readonly repository?: string | undefined
  readonly digest?: string | undefined
  readonly tag?: string | undefined
}

/** A documented event about something that is not an ECR image: a Lambda function, an EC2 instance. */
export type ForeignEvent = EventHead & { readonly type: 'foreign'; readonly about: string }

export type StewardEvent = ScanEvent | FindingEvent | RecognisedEvent | ForeignEvent
