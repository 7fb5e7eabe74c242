import { type ImageRef, shortDigest } from '../../domain/image.ts'
import { listed } from '../../domain/listed.ts'
import {
  NO_QUARANTINE,
  type Quarantine,
  type Release,
  type TagInQuarantine,
  tagsIn,
  whysOf,
  withTags,
  withWhys,
} from '../../domain/quarantine/quarantine.ts'
import { isQuarantineTag, tagBefore } from '../../domain/quarantine/tags.ts'
import { Unreadable } from '../../faults.ts'
import { intentOf, journalKeyOf } from './journal.ts'
import { moveTag } from './move-tag.ts'
import type { QuarantineHands, TagHands } from './ports.ts'

/** A tag of quarantine, what it would become or has become, and why not. */
export type ReleaseStep = {
  /** The tag that the image had before; undefined where nobody knows it. */
  readonly tag: string | undefined
  /** As it is called in quarantine. */
  readonly as: string
  readonly state: 'planned' | 'released' | 'left' | 'failed'
  /** Part of a sentence; of what is left or failed. */
  readonly why?: string
}

const UNNAMED = 'its name does not say what it was, and it is in no journal'
const MOVED = 'the tag names another image by now'

/** What the image has in quarantine: by the journal, and what the names of other tags of quarantine say. */
function known({ digest, tags }: ImageRef, before: Quarantine) {
  const remembered = tagsIn(before).filter(({ as }) => tags.includes(as))
  const others = tags.filter((as) => isQuarantineTag(as) && !remembered.some((one) => one.as === as))
  return [...remembered, ...others.map((as) => ({ tag: tagBefore(as, digest), as }))]
}

/** Most tags that are asked for in one call. */
const PAGE = 100

async function namedNow(image: ImageRef, all: readonly string[], hands: Pick<TagHands, 'named'>) {
  const names = new Map<string, string>()
  for (let start = 0; start < all.length; start += PAGE)
    for (const [tag, digest] of await hands.named(image, all.slice(start, start + PAGE))) names.set(tag, digest)
  return names
}

/**
 * What releasing an image would do; nothing is changed.
 * @param image with the tags that it has now @param only tags as they were; empty: all
 * @throws {Unreadable}
 */
export async function planRelease(
  image: ImageRef,
  before: Quarantine,
  only: readonly string[],
  hands: Pick<TagHands, 'named'>,
): Promise<readonly ReleaseStep[]> {
  const asked = known(image, before).filter(({ tag }) => only.length === 0 || (tag !== undefined && only.includes(tag)))
  const names = await namedNow(
    image,
    asked.flatMap(({ tag }) => tag ?? []),
    hands,
  )
  return asked.map(({ tag, as }): ReleaseStep => {
    if (tag === undefined) return { tag, as, state: 'left', why: UNNAMED }
    const isFree = (names.get(tag) ?? image.digest) === image.digest
    return isFree ? { tag, as, state: 'planned' } : { tag, as, state: 'left', why: MOVED }
  })
}

export type Releasing = {
  /** With the tags that it has now. */
  readonly image: ImageRef
  readonly before: Quarantine | undefined
  /** Tags as they were; empty: all. */
  readonly only: readonly string[]
  /** Who does it, and why, as they say it. */
  readonly by: string
  readonly reason: string | undefined
  readonly now: Date
  readonly hands: QuarantineHands
  /** Remembers it; throws where it cannot: nothing is done then. */
  readonly keep: (quarantine: Quarantine) => Promise<void>
}

const isPlanned = (step: ReleaseStep): step is ReleaseStep & TagInQuarantine => step.state === 'planned'

/** What it was in quarantine for is let go; where nobody knows that, whatever fails when it is judged next. */
function releaseOf(tags: readonly string[], { before, by, reason, now }: Releasing): Release {
  const why = before ? whysOf(before) : []
  const of = withWhys(before?.released?.of ?? [], why)
  return {
    at: now.toISOString(),
    by,
    ...(reason !== undefined && { reason }),
    ...(of.length > 0 && { of }),
    tags: [...new Set([...(before?.released?.tags ?? []), ...tags])],
  }
}

async function stepOf(step: ReleaseStep, releasing: Releasing): Promise<ReleaseStep> {
  if (!isPlanned(step)) return step
  const { image, hands } = releasing
  const { tag, as } = step
  try {
    const [manifest] = await hands.tags.manifests(image, [image.digest])
    if (!manifest) return { ...step, state: 'failed', why: 'ECR does not give its manifest as it is stored' }
    const moved = await moveTag({ ref: image, manifest, from: as, to: tag }, hands)
    return moved.state === 'done' ? { tag, as, state: 'released' } : { tag, as, ...moved }
  } catch (error) {
    if (error instanceof Unreadable) return { tag, as, state: 'failed', why: error.message }
    throw error
  }
}

const inWords = (steps: readonly ReleaseStep[]): string =>
  steps
    .map(({ tag, as, state, why }) => (why === undefined ? `${state} ${tag}` : `${state} ${tag ?? as}: ${why}`))
    .join('; ')

/** What is left in quarantine, and that it was released. */
function after(steps: readonly ReleaseStep[], before: Quarantine, released: Release): Quarantine {
  const gone = new Set(steps.flatMap(({ as, state }) => (state === 'released' ? [as] : [])))
  const tags = tagsIn(before).filter(({ as }) => !gone.has(as))
  return { tags, why: tags.length > 0 ? whysOf(before) : [], released }
}

/**
 * Gives an image its tags back, each unless it names another image by now, and takes those of quarantine away. That it is
 * released is remembered first, so that no event brings it back for what it was there for; the intent is in the journal.
 * May be called again: what is done is left alone.
 * @throws {Unreadable} before anything is done
 */
export async function release(releasing: Releasing): Promise<{
  readonly steps: readonly ReleaseStep[]
  readonly next: Quarantine
}> {
  const { image, before = NO_QUARANTINE, only, by, reason, now, hands, keep } = releasing
  const plan = await planRelease(image, before, only, hands.tags)
  const moves = plan.filter(isPlanned)
  if (moves.length === 0) return { steps: plan, next: before }
  const released = releaseOf(
    moves.map(({ tag }) => tag),
    releasing,
  )
  const at = now.toISOString()
  await hands.journal.intend(
    intentOf({
      ...{ key: journalKeyOf(image, image.digest, at), digest: image.digest, events: [] },
      what: `Release ${listed(moves.map(({ tag }) => tag))} of ${shortDigest(image.digest)}`,
      why: [{ rule: 'release', reason: `by ${by}${reason === undefined ? '' : `: ${reason}`}` }],
      moves: moves.map(({ tag, as }) => ({ from: as, to: tag })),
      undo: 'It comes back into quarantine by itself once it fails for another reason.',
    }),
  )
  const named = moves.map(({ tag, as }) => ({ tag, as }))
  const known = { ...before, tags: withTags(tagsIn(before), named), why: whysOf(before) }
  const { pending: _, passes: __, ...rest } = known
  await keep({ ...rest, released })
  const steps: ReleaseStep[] = []
  for (const step of plan) steps.push(await stepOf(step, releasing))
  await hands.journal.close(journalKeyOf(image, image.digest, at), inWords(steps))
  return { steps, next: after(steps, rest, released) }
}
