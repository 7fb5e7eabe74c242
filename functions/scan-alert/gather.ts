import type { Result } from '../batch.ts'
import { eventsOf, isPatient } from '../delivery.ts'
import { imageKey } from '../domain/image.ts'
import type { ScanTelling } from '../domain/scan-telling.ts'
import { Later, Unreadable } from '../faults.ts'
import type { Claim } from '../memory.ts'
import type { Group } from './group.ts'
import type { ImageDetail, ImageReader } from './ports.ts'

/**
 * The value, or why it could not be read. Anything but a refusal of ECR is a fault of ours and goes up.
 * @throws {Later} where asking again may help
 */
export async function orWhy<T>(group: Group, reading: Promise<T>): Promise<T | Unreadable> {
  try {
    return await reading
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    if (!error.permanent && isPatient(group)) throw new Later(error.message, { cause: error })
    return error
  }
}

/** Tags and push time are good to have: without them the alert goes out with those of the event. */
export const detailOf = (group: Group, images: ImageReader): Promise<ImageDetail> =>
  images.detail(group.image).catch((error: unknown) => {
    if (error instanceof Unreadable) return { tags: group.image.tags }
    throw error
  })

/** The tags as ECR has them now, or those of the event. */
export const tagsOf = (group: Group, detail: ImageDetail): readonly string[] =>
  detail.tags.length > 0 ? detail.tags : group.image.tags

/** Whom to tell about which image, with what was gathered. */
export function tellingOf(
  group: Group,
  detail: ImageDetail,
  known: Pick<ScanTelling, 'scannedAt' | 'ancestor' | 'notices' | 'now'>,
): ScanTelling {
  const scanner = group.scans.at(-1)?.event.scanner ?? 'enhanced'
  return {
    ...known,
    image: { ...group.image, tags: tagsOf(group, detail) },
    policy: group.policy,
    events: eventsOf(group),
    pushedAt: detail.pushedAt,
    scanner,
  }
}

/** Ends the claim without a word. */
export async function quiet(claim: Claim<unknown>, outcome: string, reason: string): Promise<Result> {
  await claim.release()
  return { outcome, reason }
}

export const subjectOf = (kind: 'found' | 'failed', { image }: Group): string => `${kind}#${imageKey(image)}`
