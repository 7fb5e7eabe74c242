import type { ImageDetail } from '../facts/image-facts.ts'
import { type Judgement, notApplicable } from './judgement.ts'
import { count } from './parameter.ts'

const MINUTE = 60_000

/** How long what is attached to an image may take to be there: a pipeline signs what it has pushed. */
export const attachedWithin = count({
  about:
    'Minutes after its push in which it need not be there yet. A gate grants none: what is deployed has to have it by then.',
  default: 30,
  most: 10_000,
  example: '10',
})

export type Awaiting = { readonly detail: ImageDetail; readonly graceMinutes: number; readonly now: Date }

/** What is not there yet neither fails an image that was just pushed, nor lets it pass. */
export function unlessYoung(judgement: Judgement, { detail, graceMinutes, now }: Awaiting): Judgement {
  const isYoung = now.getTime() - Date.parse(detail.pushedAt) < graceMinutes * MINUTE
  if (judgement.outcome === 'pass' || !isYoung) return judgement
  return notApplicable(`It was pushed less than ${graceMinutes} minutes ago. So far: ${judgement.reason}`)
}
