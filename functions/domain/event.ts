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

/** An image was pushed, or what refers to one: one event for each tag, or one without any. */
export type PushEvent = EventHead & {
  readonly type: 'push'
  /** With the tag that was pushed, or none. */
  readonly image: ImageRef
  /** Whether ECR says that it refers to another image: a signature, an SBOM. */
  readonly isReferrer: boolean
  /** Digest of what was pushed, where the image is the one that it was attached to. */
  readonly attached?: string
}

/** An image was deleted, or one of its tags. */
export type DeletionEvent = EventHead & { readonly type: 'deletion'; readonly image: ImageRef }

/** An image was replicated into this registry, or could not be. */
export type ReplicationEvent = EventHead & {
  readonly type: 'replication'
  readonly image: ImageRef
  /** As sent: `SUCCESS`, `FAILED`. */
  readonly result: string
  readonly failed: boolean
  readonly sourceAccount?: string | undefined
  readonly sourceRegion?: string | undefined
}

/** An upstream image was brought into the pull-through cache, or could not be. */
export type CacheSyncEvent = EventHead & {
  readonly type: 'cache-sync'
  readonly repository: string
  /** As sent: `SUCCESS`, `FAILED`. */
  readonly result: string
  readonly failed: boolean
  /** Unknown where the pull failed before. */
  readonly digest?: string | undefined
  readonly tag?: string | undefined
  /** Of the rule: `docker-hub`. */
  readonly prefix?: string | undefined
  /** Host of the upstream: `registry-1.docker.io`. */
  readonly upstream?: string | undefined
  /** Why it failed, as far as AWS says: in a word, and in a sentence. */
  readonly code?: string | undefined
  readonly reason?: string | undefined
}

/** How often repositories are scanned was changed: by somebody, or because repositories or images came and went. */
export type ScanningChangeEvent = EventHead & {
  readonly type: 'scanning-change'
  /** `BASIC`, `ENHANCED`. */
  readonly scanType?: string | undefined
  readonly repositories: readonly {
    readonly repository: string
    /** `MANUAL`, `SCAN_ON_PUSH`, `CONTINUOUS_SCAN`, where the event says it. */
    readonly now?: string | undefined
    readonly before?: string | undefined
  }[]
}

/** Somebody called an operation of ECR that writes, as CloudTrail has it. */
export type ApiCallEvent = EventHead & {
  readonly type: 'api-call'
  /** Operation: `PutImageTagMutability`. */
  readonly call: string
  /** Who called: `Admin/alice` of a role and its session, `bob` of a user, `root`, or a service. */
  readonly by: string
  /** ISO 8601 instant. */
  readonly at: string
  /** Address that the call came from, or the service that made it. */
  readonly from?: string | undefined
  /** Where the call was refused, why: `AccessDeniedException`. */
  readonly error?: string | undefined
  /** Account of the registry that was called, which need not be the caller's. */
  readonly registry: string
  /** Where the call was about one. */
  readonly repository?: string | undefined
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

export type StewardEvent =
  | ScanEvent
  | FindingEvent
  | PushEvent
  | DeletionEvent
  | ReplicationEvent
  | CacheSyncEvent
  | ScanningChangeEvent
  | ApiCallEvent
  | RecognisedEvent
  | ForeignEvent
