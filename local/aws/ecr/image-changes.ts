import { orphanParts } from './orphans.ts'
import type { StoredImage, StoredRepository } from './stored.ts'

const DAY_MS = 86_400_000

/** What becomes of the referrers of a subject a day after the subject. `at` is in ms. */
export type FollowUp = {
  readonly at: number
  readonly subject: string
  readonly change: 'remove' | 'archive' | 'activate'
}

const referrersOf = ({ images }: StoredRepository, subject: string): StoredImage[] =>
  [...images.values()].filter((image) => image.subject === subject)

/** Notes that the referrers of an image are to follow it: ECR lets them within 24 hours, here as late as that. */
function haveFollow(repository: StoredRepository, subject: string, change: FollowUp['change'], now: number): void {
  if (referrersOf(repository, subject).length > 0) repository.followUps.push({ at: now + DAY_MS, subject, change })
}

/** The indexes that list an image. */
export const listsNaming = ({ images }: StoredRepository, digest: string): StoredImage[] =>
  [...images.values()].filter(({ children }) => children.includes(digest))

export function removeTag(repository: StoredRepository, image: StoredImage, tag: string): void {
  repository.tagged.delete(tag)
  image.tags.delete(tag)
}

/** Removes an image with all its tags. Its referrers go a day later, what it was made of after some days. */
export function removeImage(repository: StoredRepository, image: StoredImage, now: number): void {
  for (const tag of [...image.tags]) removeTag(repository, image, tag)
  repository.images.delete(image.digest)
  orphanParts(repository, image.parts, now)
  haveFollow(repository, image.digest, 'remove', now)
}

export function archive(repository: StoredRepository, image: StoredImage, now: number): void {
  image.isArchived = true
  image.lastArchivedAt = new Date(now)
  haveFollow(repository, image.digest, 'archive', now)
}

/** @param at when it is active again */
export function activate(repository: StoredRepository, image: StoredImage, now: number, at = now): void {
  image.isArchived = false
  image.lastActivatedAt = new Date(at)
  haveFollow(repository, image.digest, 'activate', now)
}

/** Whether the subject is still as it was when its referrers were to follow it. */
function isStill({ images }: StoredRepository, { subject, change }: FollowUp): boolean {
  const image = images.get(subject)
  return change === 'remove' ? !image : image?.isArchived === (change === 'archive')
}

function follow(repository: StoredRepository, referrer: StoredImage, { change, at }: FollowUp): void {
  if (change === 'remove') removeImage(repository, referrer, at)
  else if (referrer.isArchived !== (change === 'archive'))
    (change === 'archive' ? archive : activate)(repository, referrer, at)
}

/**
 * Lets referrers follow their subjects where the day is over; theirs follow them a day later again.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/images.html
 */
export function followDue(repository: StoredRepository, now: number): void {
  const { followUps } = repository
  for (let next = followUps[0]; next && next.at <= now; next = followUps[0]) {
    followUps.shift()
    if (!isStill(repository, next)) continue
    for (const referrer of referrersOf(repository, next.subject)) follow(repository, referrer, next)
  }
}
