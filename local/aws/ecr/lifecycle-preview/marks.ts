import { type ImageStatus, isHeld, statusOf } from '../storage-class.ts'
import type { StoredImage, StoredRepository } from '../stored.ts'
import { matchesWildcard } from '../wildcard.ts'
import type { PolicyRule } from './document.ts'

/** An image on which a policy acts, and the rule that does. */
export type Mark = { readonly image: StoredImage; readonly rule: PolicyRule }

const DAY_MS = 86_400_000

/** Images of this status are the affair of a rule. */
const statusFor = ({ selection }: PolicyRule): ImageStatus =>
  selection.storageClass === 'archive' ? 'ARCHIVED' : 'ACTIVE'

function meetsTags({ tags }: StoredImage, { selection }: PolicyRule): boolean {
  const { tagStatus, tagPrefixList = [], tagPatternList = [] } = selection
  if (tagStatus === 'any') return true
  if (tagStatus === 'untagged') return tags.size === 0
  const some = (test: (tag: string) => boolean): boolean => [...tags].some(test)
  return (
    tagPrefixList.every((prefix) => some((tag) => tag.startsWith(prefix))) &&
    tagPatternList.every((pattern) => some((tag) => matchesWildcard(pattern, tag)))
  )
}

/** When ECR takes an image to have been pushed: when it came out of the archive, if it ever did. */
const pushed = ({ pushedAt, lastActivatedAt }: StoredImage): number => (lastActivatedAt ?? pushedAt).getTime()

/** From when on the days of a rule are counted. */
function clockOf(image: StoredImage, { selection }: PolicyRule): number {
  if (selection.countType === 'sinceImageTransitioned') return image.lastArchivedAt?.getTime() ?? 0
  if (selection.countType === 'sinceImagePushed') return pushed(image)
  const pulled = image.lastRecordedPullTime?.getTime()
  return pulled === undefined ? pushed(image) : Math.max(pulled, image.lastActivatedAt?.getTime() ?? 0)
}

const youngestFirst = (a: StoredImage, b: StoredImage): number =>
  pushed(b) - pushed(a) || (a.digest < b.digest ? -1 : 1)

/** Those of the images with its tags that a rule would act on, if it were alone. */
function doomed(images: readonly StoredImage[], rule: PolicyRule, now: number): readonly StoredImage[] {
  const { countType, countNumber } = rule.selection
  if (countType === 'imageCountMoreThan') return images.toSorted(youngestFirst).slice(countNumber)
  return images.filter((image) => now - clockOf(image, rule) >= countNumber * DAY_MS)
}

/** Whether a policy has anything to do with an image: an index or a subject decides otherwise. */
const isFree = (repository: StoredRepository, { digest, subject }: StoredImage): boolean =>
  !isHeld(repository, digest) && !(subject !== undefined && repository.images.has(subject))

/**
 * What a policy acts on, rule by rule: each marks what it finds, and takes away from the rules after it all that has its
 * tags, marked or not. A count is over all that has its tags, also what was taken away.
 * @param rules lowest priority first
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function marksOf(repository: StoredRepository, rules: readonly PolicyRule[], now: number): readonly Mark[] {
  const free = [...repository.images.values()].filter((image) => isFree(repository, image))
  const seen = new Set<StoredImage>()
  return rules.flatMap((rule) => {
    const found = free.filter((image) => statusOf(image, now) === statusFor(rule) && meetsTags(image, rule))
    const marks = doomed(found, rule, now).filter((image) => !seen.has(image))
    for (const image of found) seen.add(image)
    return marks.map((image) => ({ image, rule }))
  })
}
