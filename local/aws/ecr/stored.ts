import type * as ecr from '@aws-sdk/client-ecr'
import type { FollowUp } from './image-changes.ts'
import type { LifecyclePreview } from './lifecycle-preview/preview.ts'
import type { Manifest } from './manifest.ts'
import type { Orphan } from './orphans.ts'
import type { DueSigning } from './signing.ts'

/** The result of a scan as `putScan` takes it; give `findings` for basic or `enhancedFindings` for enhanced scanning. */
export type Scan = {
  status: { status: string; description?: string }
  findings?: ecr.ImageScanFinding[]
  enhancedFindings?: ecr.EnhancedImageScanFinding[]
  completedAt?: Date
  vulnerabilitySourceUpdatedAt?: Date
}

export type StoredImage = Manifest & {
  manifest: string
  tags: Set<string>
  pushedAt: Date
  lastRecordedPullTime?: Date
  /** In the archive, and not on its way out of it. */
  isArchived: boolean
  lastArchivedAt?: Date
  /** When it came out of the archive last; in the future while it is on its way. */
  lastActivatedAt?: Date
  /** Rises with every image; pages go by it. */
  order: number
  scan?: Scan
  /** ms; set while a scan runs that StartImageScan began, and kept for the limit of one a day. */
  scanStartedAt?: number
  /** How far ECR is with signing it; undefined where it never was to. */
  signing?: ecr.ImageSigningStatus[]
}

export type StoredRepository = {
  settings: ecr.Repository & { repositoryName: string; repositoryArn: string }
  tags: Map<string, string>
  /** In the order of their push. */
  images: Map<string, StoredImage>
  /** Which digest a tag names. */
  tagged: Map<string, string>
  /** What was uploaded, by digest: configurations and layers. */
  blobs: Map<string, Uint8Array>
  /** What is left of deleted images, in the order in which it goes. */
  orphans: Map<string, Orphan>
  /** Configurations and layers that are gone. */
  collected: Set<string>
  /** In the order in which they are due. */
  followUps: FollowUp[]
  /** In the order in which they are due. */
  dueSignings: DueSigning[]
  preview?: LifecyclePreview
  lifecyclePolicyText?: string
  policyText?: string
}

export const emptyRepository = (): Omit<StoredRepository, 'settings' | 'tags'> => ({
  images: new Map(),
  tagged: new Map(),
  blobs: new Map(),
  orphans: new Map(),
  collected: new Set(),
  followUps: [],
  dueSignings: [],
})

/** The image of a digest, of a tag, or of both when they belong together. */
export function findImage(
  { images, tagged }: StoredRepository,
  { imageDigest, imageTag }: ecr.ImageIdentifier,
): StoredImage | undefined {
  const image = images.get(imageDigest ?? tagged.get(imageTag ?? '') ?? '')
  return image && (imageTag === undefined || image.tags.has(imageTag)) ? image : undefined
}
