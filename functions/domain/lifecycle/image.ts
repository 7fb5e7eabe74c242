/**
 * An image of a repository, with all that its removal is judged by.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
 */
export type StoredImage = {
  readonly digest: string
  readonly tags: readonly string[]
  /** Milliseconds since 1970. A new tag does not change it. */
  readonly pushedAt: number
  /** Milliseconds since 1970; undefined where it was never pulled. */
  readonly pulledAt?: number | undefined
  /** When it came into the archive last. Milliseconds since 1970. */
  readonly archivedAt?: number | undefined
  /** When it came out of the archive last. Milliseconds since 1970. */
  readonly activatedAt?: number | undefined
  /** `ACTIVATING` is on its way out of the archive, and belongs to neither storage class for a rule. */
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING'
  /** Compressed bytes; of an index, of the index alone. */
  readonly sizeInBytes: number
  /** Of the manifest, where it is known: an index is recognised by it. */
  readonly mediaType?: string | undefined
  /** What a manifest that is no image says to be: a signature, an SBOM, a chart. */
  readonly artifactType?: string | undefined
  /** Digest of the image that this one is about: it is a referrer. */
  readonly subject?: string | undefined
}

/**
 * Digests that the indexes of a repository list, by the digest of the index. An index that is not in it has children that
 * nobody knows.
 */
export type ChildrenOf = ReadonlyMap<string, readonly string[]>

const INDEXES = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
])

/** Whether it is an index (a manifest list), which has children. */
export const isIndex = ({ mediaType }: Pick<StoredImage, 'mediaType'>): boolean => INDEXES.has(mediaType ?? '')
