import type { ImageDetail } from '../../functions/domain/facts/image-facts.ts'
import type { ImageRef } from '../../functions/domain/image.ts'
import { isImageConfig } from '../../functions/policy/image/kind.ts'

export type TaggedImage = { readonly ref: ImageRef; readonly detail: ImageDetail }

export type Newest = {
  /** Undefined where nothing that may be an image has a tag. */
  readonly image: TaggedImage | undefined
  /** Whether there are more than were looked at: one of them may be newer. */
  readonly isCut: boolean
}

/** As cosign tags signatures, attestations and SBOMs, which have the configuration of an image. */
const COSIGN = /^sha256-[0-9a-f]{64}/

/** Of an index ECR says no type of a configuration. */
const mayBeImage = ({ detail: { artifactMediaType: type, tags } }: TaggedImage): boolean =>
  (type === undefined || isImageConfig(type)) && !tags.some((tag) => COSIGN.test(tag))

/** Of two pushed in one instant the first by digest, so that two runs say the same. */
const isNewer = (a: TaggedImage, b: TaggedImage): boolean =>
  a.detail.pushedAt === b.detail.pushedAt ? a.ref.digest < b.ref.digest : a.detail.pushedAt > b.detail.pushedAt

/**
 * The image that was pushed last, of those that have a tag.
 * @param mostPages that are read: ECR lists in no order, so that all would have to be seen
 */
export async function newestImage(pages: AsyncIterable<readonly TaggedImage[]>, mostPages: number): Promise<Newest> {
  let [image, read]: [TaggedImage | undefined, number] = [undefined, 0]
  for await (const page of pages) {
    if (read === mostPages) return { image, isCut: true }
    read += 1
    for (const one of page) if (mayBeImage(one) && (!image || isNewer(one, image))) image = one
  }
  return { image, isCut: false }
}
