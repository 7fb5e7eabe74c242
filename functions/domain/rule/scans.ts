import type { ImageDetail, ImageScan, PlatformScan } from '../facts/image-facts.ts'
import { type Judgement, notApplicable } from './judgement.ts'
import { count } from './parameter.ts'
import { worstOf } from './platforms.ts'

const MINUTE = 60_000

/** How long a scan may take to be there: the first one of Inspector takes minutes. */
export const graceMinutes = count({
  about: 'Minutes after its push in which an image need not be scanned yet.',
  default: 60,
  most: 10_000,
  example: '60',
})

export type Awaiting = { readonly detail: ImageDetail; readonly graceMinutes: number; readonly now: Date }

/** Why there need be no result yet; undefined where there is one, or should be. */
function whyNotYet({ outcome, status }: PlatformScan, { detail, graceMinutes, now }: Awaiting): string | undefined {
  if (outcome === 'complete' || outcome === 'failed') return undefined
  if (status === 'IMAGE_ARCHIVED')
    return 'It is archived: nobody can pull it, and it is scanned again once it is restored.'
  const isYoung = now.getTime() - Date.parse(detail.pushedAt) < graceMinutes * MINUTE
  return isYoung ? `It was pushed less than ${graceMinutes} minutes ago, and its scan is not there yet.` : undefined
}

/** One judgement from the scans that are there, or should be; one that need not be there yet lets no image pass. */
export function judgeScans(
  { platforms }: ImageScan,
  awaiting: Awaiting,
  judge: (scan: PlatformScan) => Judgement,
): Judgement {
  const judgement = worstOf(platforms, (scan) => {
    const why = whyNotYet(scan, awaiting)
    return why === undefined ? judge(scan) : notApplicable(why)
  })
  const [why] = platforms.flatMap((scan) => whyNotYet(scan, awaiting) ?? [])
  return judgement.outcome === 'pass' && why !== undefined ? notApplicable(why) : judgement
}
