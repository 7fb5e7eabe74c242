import { type ChildrenOf, isIndex, type StoredImage } from '../lifecycle/image.ts'

/** What is asked of an image before it goes. */
export type HeldImage = Pick<
  StoredImage,
  'digest' | 'tags' | 'pushedAt' | 'pulledAt' | 'status' | 'sizeInBytes' | 'mediaType' | 'subject'
>

/** Indexes of which nobody knows what they list. What has no media type may be one. */
export type Unknown = { readonly active: readonly HeldImage[]; readonly archived: readonly HeldImage[] }

/** A repository's images as they were read, and what its indexes list. */
export type ImageSet = {
  readonly images: readonly HeldImage[]
  readonly children: ChildrenOf
  /** Of the whole repository, where these are a part of it: the first that is active, and the first two in the archive. */
  readonly unknown?: Unknown
}

/** How the images of a repository hang together, by digest. */
export type ImageGraph = {
  readonly byDigest: ReadonlyMap<string, HeldImage>
  /** Indexes that list it. */
  indexesOf(digest: string): readonly string[]
  childrenOf(digest: string): readonly string[]
  /** What is about it: by `subject`, or by a tag as cosign gives. */
  referrersOf(digest: string): readonly string[]
  /** The image that it is about by `subject`, where that is there: ECR removes it soon after that one. */
  subjectOf(image: HeldImage): string | undefined
  readonly unknown: Unknown
}

/** `sha256-<hex>.sig`; without an ending, the list of an image's referrers. @see https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md */
const ABOUT = /^sha256-([0-9a-f]{64})(?:\.[\w.-]+)?$/
const SIGNATURE = /^sha256-[0-9a-f]{64}\.(?:sig|att|sbom)$/

/** Digest that a tag says its image is about. */
export function aboutOf(tag: string): string | undefined {
  const hex = ABOUT.exec(tag)?.[1]
  return hex && `sha256:${hex}`
}

/** Whether all tags say that it is a signature, an attestation or an SBOM, as cosign stores them. */
export const isSignature = ({ tags }: Pick<StoredImage, 'tags'>): boolean =>
  tags.length > 0 && tags.every((tag) => SIGNATURE.test(tag))

const NONE: readonly string[] = []

/** Lists by key; most keys have one entry. */
function createLists() {
  const lists = new Map<string, string[]>()
  return {
    add(key: string, value: string): void {
      const list = lists.get(key)
      if (list) list.push(value)
      else lists.set(key, [value])
    },
    of: (key: string): readonly string[] => lists.get(key) ?? NONE,
  }
}

/** What has no media type may be an index. */
export const mayBeIndex = (image: Pick<StoredImage, 'mediaType'>): boolean =>
  image.mediaType === undefined || isIndex(image)

function unknownIn({ images, children }: ImageSet): Unknown {
  const unknown = images.filter((image) => mayBeIndex(image) && !children.has(image.digest))
  return {
    active: unknown.filter(({ status }) => status !== 'ARCHIVED'),
    archived: unknown.filter(({ status }) => status === 'ARCHIVED'),
  }
}

/** Takes time in the number of images and of what indexes list. */
export function imageGraph(set: ImageSet): ImageGraph {
  const { images, children } = set
  const byDigest = new Map(images.map((image) => [image.digest, image]))
  const [indexes, referrers] = [createLists(), createLists()]
  for (const [index, listed] of children)
    if (byDigest.has(index)) for (const child of new Set(listed)) indexes.add(child, index)
  for (const { digest, subject, tags } of images) {
    if (subject !== undefined) referrers.add(subject, digest)
    for (const tag of tags) {
      const about = aboutOf(tag)
      if (about !== undefined) referrers.add(about, digest)
    }
  }
  return {
    byDigest,
    indexesOf: indexes.of,
    referrersOf: referrers.of,
    childrenOf: (digest) => children.get(digest) ?? NONE,
    subjectOf: ({ subject, digest }) =>
      subject !== undefined && subject !== digest && byDigest.has(subject) ? subject : undefined,
    unknown: set.unknown ?? unknownIn(set),
  }
}
