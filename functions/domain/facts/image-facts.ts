import type { Finding } from '../finding.ts'
import type { ScanOutcome } from '../scan-status.ts'
import type { SeverityCounts } from '../severity.ts'
import type { ImageEvidence, ImageSboms } from '../supply-chain/attached.ts'

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
  /** Of the variable or label, where it has one that can be told. */
  readonly name?: string | undefined
  /** `a GitHub token`, `a name that says password`. */
  readonly what: string
}

/** What is used of an image's configuration. No value of an environment variable is kept. */
export type ImageConfig = {
  readonly user?: string | undefined
  /** A value that looks like a secret is left empty. */
  readonly labels: Readonly<Record<string, string>>
  readonly hasHealthcheck: boolean
  readonly suspects: readonly Suspect[]
  /** ISO 8601 instant at which it was built, as its builder says. */
  readonly created?: string | undefined
}

/** One image for one platform, as manifests tell of it. */
export type PlatformManifest = {
  readonly digest: string
  /** `linux/arm64`, `linux/arm/v7`; undefined where only the configuration says it. */
  readonly platform?: string | undefined
  /** Compressed bytes of configuration and layers. */
  readonly sizeInBytes: number
  /** Digests of the layers, lowest first. */
  readonly layers: readonly string[]
  /** Those of `org.opencontainers.image` alone. */
  readonly annotations: Readonly<Record<string, string>>
}

/** One image for one platform, with its configuration. */
export type PlatformImage = PlatformManifest & { readonly platform: string; readonly config: ImageConfig }

/** A chart, a signature, an SBOM, a cache: `what` says it, as `a Helm chart`. */
export type Artifact = { readonly kind: 'artifact'; readonly what: string; readonly subject?: string | undefined }

/** What a digest is of, with every platform of an index; attestations are left out. */
export type ImageManifest = { readonly kind: 'image'; readonly platforms: readonly PlatformManifest[] } | Artifact

/** The same with the configuration of every platform, which takes a download for each. */
export type ImageContent = { readonly kind: 'image'; readonly platforms: readonly PlatformImage[] } | Artifact

/** A scan as ECR has it now. */
export type PlatformScan = {
  readonly digest: string
  readonly platform?: string | undefined
  /** As ECR spells it: `COMPLETE`, `ACTIVE`, `FAILED`, …; undefined where the image was never scanned. */
  readonly status?: string | undefined
  readonly outcome: ScanOutcome | 'never'
  readonly description?: string | undefined
  readonly counts: SeverityCounts
  readonly findings: readonly Finding[]
  /** Findings that ECR counts and does not list: nothing is known of them but that they are there. */
  readonly unlisted?: SeverityCounts
  /** ISO 8601 instant at which it was complete. */
  readonly scannedAt?: string | undefined
  /** Whether the scanner says which version fixes a finding: basic scanning does not. */
  readonly saysFixes: boolean
  /** Operating system as the scanner sees it: `DEBIAN_12`. */
  readonly os?: string | undefined
}

/** One scan of an image; of an index, one of each platform, since an index itself is never scanned. */
export type ImageScan = { readonly platforms: readonly PlatformScan[] }

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
  readonly manifest: ImageManifest
  readonly content: ImageContent
  readonly scan: ImageScan
  /** Images of the base repositories that the rule `base-image` names. */
  readonly bases: readonly BaseImage[]
  /** Signatures and attestations of it, verified. */
  readonly evidence: ImageEvidence
  readonly sboms: ImageSboms
}
