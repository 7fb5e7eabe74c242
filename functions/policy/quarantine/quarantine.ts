import type { RepositoryRef, RepositorySettings } from '../../domain/facts/repository-facts.ts'
import { type ImageRef, shortDigest } from '../../domain/image.ts'
import { listed } from '../../domain/listed.ts'
import {
  type PendingQuarantine,
  type Quarantine,
  type TagInQuarantine,
  type Why,
  withTags,
  withWhys,
} from '../../domain/quarantine/quarantine.ts'
import { isImmutable, ordinaryTags, quarantineNames } from '../../domain/quarantine/tags.ts'
import type { TagLeft } from '../../domain/quarantine/telling.ts'
import { Later, Unreadable } from '../../faults.ts'
import { intentOf, journalKeyOf } from './journal.ts'
import { type Moved, moveTag } from './move-tag.ts'
import type { Manifest, QuarantineHands } from './ports.ts'

export type Quarantining = {
  /** With the tags that it has now. */
  readonly image: ImageRef
  /** What it comes into quarantine for; nothing: only what was begun is gone on with. */
  readonly why: readonly Why[]
  /** Of the repository; undefined where they could not be read. */
  readonly settings: RepositorySettings | undefined
  readonly before: Quarantine
  /** Ids of the events that led to it. */
  readonly events: readonly string[]
  readonly now: Date
  /** Whether a fault may pass until the next delivery. */
  readonly isPatient: boolean
  /** The line that releases it. */
  readonly command: string
  readonly hands: QuarantineHands
  /** Remembers what is about to be done; throws where it cannot: nothing is done then. */
  readonly keep: (quarantine: Quarantine) => Promise<void>
}

/** What came of it. */
export type Quarantined = {
  readonly next: Quarantine
  readonly moved: readonly TagInQuarantine[]
  readonly left: readonly TagLeft[]
}

/** Tags that are moved in one go: each takes some calls, and ECR takes ten pushes a second. */
const MOST = 50

const UNREAD = 'it could not be read whether tags of the repository are immutable'
const IMMUTABLE = 'tags of the repository are immutable, and one that is gone would be free for another image'
const TAKEN = 'both names that it could have there name other images'
const TOO_MANY = `it has more than ${MOST} tags, and the rest comes with the next push of it`

const isTag = (one: TagInQuarantine | TagLeft): one is TagInQuarantine => 'as' in one

/** Why a tag stays; undefined where it may go. */
function whyLeft(tag: string, index: number, { settings }: Quarantining): string | undefined {
  if (!settings) return UNREAD
  if (isImmutable(settings, tag)) return IMMUTABLE
  return index >= MOST ? TOO_MANY : undefined
}

/** A name of quarantine that is this image's already, or nobody's. */
async function nameFor(tag: string, { image, hands }: Quarantining): Promise<TagInQuarantine | TagLeft> {
  const names = quarantineNames(tag, image.digest)
  const now = await hands.tags.named(image, names)
  const as = names.find((name) => (now.get(name) ?? image.digest) === image.digest)
  return as === undefined ? { tag, why: TAKEN } : { tag, as }
}

/** What is to become of each tag; those that were begun with go under the name that they have begun with. */
async function planFor(quarantining: Quarantining): Promise<readonly (TagInQuarantine | TagLeft)[]> {
  const { image, why, before } = quarantining
  const begun = before.pending?.tags ?? []
  const fresh = why.length === 0 ? [] : ordinaryTags(image.tags).filter((tag) => !begun.some((one) => one.tag === tag))
  const plan: (TagInQuarantine | TagLeft)[] = [...begun]
  for (const [index, tag] of fresh.entries()) {
    const stays = whyLeft(tag, index, quarantining)
    plan.push(stays === undefined ? await nameFor(tag, quarantining) : { tag, why: stays })
  }
  return plan
}

type Ends = Omit<Quarantined, 'next'>

const allLeft = (tags: readonly string[], why: string): readonly TagLeft[] => tags.map((tag) => ({ tag, why }))

const namesOf = ({ tags }: PendingQuarantine): readonly string[] => tags.map(({ tag }) => tag)

/** A refusal of AWS is an end too, once nothing is left to hope for. @throws {Later} where asking again may help */
async function orRefused<T>(work: Promise<T>, { isPatient }: Quarantining, refused: (why: string) => T): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    if (!error.permanent && isPatient) throw new Later(error.message, { cause: error })
    return refused(error.message)
  }
}

async function moveAll(pending: PendingQuarantine, quarantining: Quarantining): Promise<Ends> {
  const { image, hands } = quarantining
  const stays = (why: string): Ends => ({ moved: [], left: allLeft(namesOf(pending), why) })
  const got = await orRefused<readonly Manifest[] | string>(
    hands.tags.manifests(image, [image.digest]),
    quarantining,
    (why) => why,
  )
  if (typeof got === 'string') return stays(got)
  const [manifest] = got
  if (!manifest) return stays('ECR does not give its manifest as it is stored')
  const [moved, left]: [TagInQuarantine[], TagLeft[]] = [[], []]
  for (const { tag, as } of pending.tags) {
    const moving = moveTag({ ref: image, manifest, from: tag, to: as }, hands)
    const end = await orRefused<Moved>(moving, quarantining, (why) => ({ state: 'failed', why }))
    if (end.state === 'done') moved.push({ tag, as })
    else left.push({ tag, why: end.why })
  }
  return { moved, left }
}

const inWords = ({ moved, left }: Ends): string =>
  [
    ...(moved.length > 0 ? [`done: ${listed(moved.map(({ as }) => as))}`] : []),
    ...left.map(({ tag, why }) => `left ${tag}: ${why}`),
  ].join('; ')

async function begin(pending: PendingQuarantine, { image, before, events, command, hands, keep }: Quarantining) {
  const ref: RepositoryRef = image
  await hands.journal.intend(
    intentOf({
      ...{ key: journalKeyOf(ref, image.digest, pending.at), digest: image.digest, events },
      what: `Quarantine ${listed(namesOf(pending))} of ${shortDigest(image.digest)}`,
      ...{ why: pending.why, moves: pending.tags.map(({ tag, as }) => ({ from: tag, to: as })), undo: command },
    }),
  )
  await keep({ ...before, pending })
}

/**
 * Moves the tags of an image that fails to tags of quarantine, one after the other, and goes on with what a crash cut off: the
 * intent is in the journal and remembered before the first write, and the outcome goes to the journal. Its digest stays.
 * @throws {Later} while something may succeed later, and there is patience
 */
export async function quarantine(quarantining: Quarantining): Promise<Quarantined> {
  const { image, why, before, now, hands } = quarantining
  const plan = await orRefused(planFor(quarantining), quarantining, (fault) => allLeft(ordinaryTags(image.tags), fault))
  const stays = plan.filter((one) => 'why' in one)
  const tags = plan.filter(isTag)
  if (tags.length === 0) return { next: before, moved: [], left: stays }
  const at = before.pending?.at ?? now.toISOString()
  const pending = { at, tags, why: withWhys(before.pending?.why ?? [], why) }
  await begin(pending, quarantining)
  const ends = await moveAll(pending, quarantining)
  await hands.journal.close(journalKeyOf(image, image.digest, at), inWords(ends))
  const { pending: _, passes: __, ...rest } = before
  const isMoved = ends.moved.length > 0
  return {
    next: {
      ...rest,
      tags: withTags(before.tags, ends.moved),
      why: isMoved ? withWhys(before.why, pending.why) : before.why,
    },
    moved: ends.moved,
    left: [...stays, ...ends.left],
  }
}
