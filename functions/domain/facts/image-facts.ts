import type { Finding } from '../finding.ts'
import type { ScanOutcome } from '../scan-status.ts'
import type { SeverityCounts } from '../severity.ts'

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html */
export type ImageDetail = {
  readonly tags: readonly string[]
  /** ISO 8601 instant. */
  readonly pushedAt: string
  /** Compressed, as ECR stores it. Bytes; of an index, of the index alone. */
  readonly sizeInBytes: number
  /** Media type of the manifest's configuration, where ECR says it. */
  readonly artifactMediaType?: string | undefined
}

/** A value in an image that looks like a secret. What it is never leaves the reader. */
export type Suspect = {
  /** `ENV DB_PASSWORD`, `label api-key`, `history 7`. */
  readonly where: string
  /** `a GitHub token`, `a name that says password`. */
  readonly what: string
}

/** What is used of an image's configuration. No value of an environment variable is kept. */
export type ImageConfig = {
  readonly user?: string | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly hasHealthcheck: boolean
  readonly suspects: readonly Suspect[]
  /** ISO 8601 instant at which it was built. */
  readonly created?: string | undefined
}

/** One image for one platform. */
export type PlatformImage = {
  readonly digest: string
  /** `linux/arm64`, `linux/arm/v7`. */
  readonly platform: string
  /** Compressed bytes of configuration and layers. */
  readonly sizeInBytes: number
  /** Digests of the layers, lowest first. */
  readonly layers: readonly string[]
  /** Of the manifest. */
  readonly annotations: Readonly<Record<string, string>>
  readonly config: ImageConfig
}

/** What a digest is of, with every platform of an index; attestations are left out. */
export type ImageContent =
  | { readonly kind: 'image'; readonly platforms: readonly PlatformImage[] }
  /** A chart, a signature, an SBOM, a cache: `what` says it. */
  | { readonly kind: 'artifact'; readonly what: string; readonly subject?: string | undefined }

/** A scan as ECR has it now; of an index, the worst of its platforms. */
export type ImageScan = {
  /** As ECR spells it: `COMPLETE`, `ACTIVE`, `FAILED`, …; undefined where the image was never scanned. */
  readonly status?: string | undefined
  readonly outcome: ScanOutcome | 'never'
  readonly description?: string | undefined
  readonly counts: SeverityCounts
  readonly findings: readonly Finding[]
  /** Operating system as the scanner sees it: `DEBIAN_12`. */
  readonly os?: string | undefined
}

/** An image that others may be built upon, by the layers that it brings. */
export type BaseImage = {
  /** `base/node:22.11`. */
  readonly name: string
  /** Lowest first. */
  readonly layers: readonly string[]
}

/** What is read of an image. */
export type ImageValues = {
  readonly detail: ImageDetail
  readonly content: ImageContent
  readonly scan: ImageScan
  /** Images of the base repositories that the rule `base-image` names. */
  readonly bases: readonly BaseImage[]
}
