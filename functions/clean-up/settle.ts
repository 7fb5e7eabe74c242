import type { ItemOutcome } from '../domain/clean-up/outcome.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { StoredImage } from '../domain/lifecycle/image.ts'
import { listed } from '../domain/listed.ts'
import { Gone, Unreadable } from '../faults.ts'
import type { Holdings } from '../planning/ports.ts'
import type { IntendedItem, Intent, Settled } from './journal.ts'
import type { Hands, RemovalAnswer } from './ports.ts'
import { type PutBack, putBack } from './put-back.ts'

export type Settling = {
  readonly repository: RepositoryRef
  readonly holdings: Pick<Holdings, 'describe'>
  readonly hands: Pick<Hands, 'named' | 'put'>
}

/** What AWS said, as far as it did. */
export type Answered = Partial<RemovalAnswer> & {
  /** Why it did not say it all: what was done is not known then. */
  readonly fault?: string | undefined
}

/** A tag that it was to go by names something else, or nothing. */
const MOVED = new Set(['ImageTagDoesNotMatchDigest', 'ImageNotFound'])

const failed = (code: string, why: string): ItemOutcome => ({ end: 'failed', code, why })

/** The image is, or should be, as it was before. Undefined where there was nothing to put back. */
function outcomeOf({ back, elsewhere, lost }: PutBack, tags: readonly string[], why: string): ItemOutcome | undefined {
  if (lost !== undefined) return failed('NotRestored', `${why}; ${listed(tags)} cannot be put back: ${lost}`)
  if (back.length === 0) return undefined
  const left = elsewhere.length > 0 ? `; ${listed(elsewhere)} names another image now` : ''
  return { end: 'restored', why: `${why}; ${listed(back)} is put back${left}` }
}

async function restored(
  { digest, manifest }: IntendedItem,
  tags: readonly string[],
  why: string,
  { repository, hands }: Settling,
): Promise<ItemOutcome | undefined> {
  if (tags.length === 0) return undefined
  if (!manifest) return failed('NotRestored', `${why}; ${listed(tags)} cannot be put back: it was archived`)
  return outcomeOf(await putBack({ digest, ...manifest }, tags, repository, hands), tags, why)
}

/** Tags that went with an image though nobody named them: they were put on it at the last moment. */
const takenAlong = ({ digest, tags }: IntendedItem, { removed = [] }: Answered): readonly string[] =>
  removed.flatMap((id) => (id.digest === digest && id.tag !== undefined && !tags.includes(id.tag) ? [id.tag] : []))

/** They are known now or never: what keeps them from being put back is told, not tried again by a later run. */
async function alongRestored(
  item: IntendedItem,
  answered: Answered,
  settling: Settling,
): Promise<ItemOutcome | undefined> {
  const tags = takenAlong(item, answered)
  const why = 'it was tagged while it was removed'
  try {
    return await restored(item, tags, why, settling)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return outcomeOf({ back: [], elsewhere: [], lost: error.message }, tags, why)
  }
}

/** What became of an image that is still there. */
async function remaining(
  item: IntendedItem,
  image: StoredImage,
  { failures = [], fault }: Answered,
  settling: Settling,
): Promise<ItemOutcome> {
  const missing = item.tags.filter((tag) => !image.tags.includes(tag))
  const outcome = await restored(item, missing, 'it was changed while it was removed', settling)
  if (outcome) return outcome
  const failure = failures.find(({ digest }) => digest === item.digest)
  if (failure && MOVED.has(failure.code)) return { end: 'kept', why: `changed while it was removed: ${failure.reason}` }
  if (failure) return failed(failure.code, failure.reason)
  if (fault !== undefined) return failed('NotAnswered', fault)
  return { end: 'kept', why: 'it is still there' }
}

const archived = (image: StoredImage | undefined, { fault }: Answered): ItemOutcome => {
  if (!image) return { end: 'already-gone' }
  if (image.status === 'ARCHIVED') return { end: 'archived' }
  return fault === undefined ? { end: 'kept', why: 'it is not archived' } : failed('NotAnswered', fault)
}

async function present({ repository, holdings }: Settling, { items }: Intent) {
  const digests = items.map(({ digest }) => digest)
  try {
    return new Map((await holdings.describe(repository, digests)).map((image) => [image.digest, image]))
  } catch (error) {
    if (error instanceof Gone) return new Map<string, StoredImage>()
    throw error
  }
}

/**
 * Finds out by looking what became of the images of an intent, and puts back the tags of images that survived, and those
 * that nobody named. After a crash or a lost answer looking is all that is left, so it is what is always done. Doing it twice
 * does no harm.
 * @throws {Unreadable} the intent is not settled then: the next run does it
 */
export async function settle(intent: Intent, answered: Answered, settling: Settling): Promise<readonly Settled[]> {
  const outcomes = new Map<string, ItemOutcome>()
  // First what nobody but this process knows.
  for (const item of intent.items) {
    const outcome = await alongRestored(item, answered, settling)
    if (outcome) outcomes.set(item.digest, outcome)
  }
  const images = await present(settling, intent)
  const settled: Settled[] = []
  for (const item of intent.items) {
    const { digest } = item
    const image = images.get(digest)
    const look = async (): Promise<ItemOutcome> => {
      if (intent.action === 'archive') return archived(image, answered)
      return image ? remaining(item, image, answered, settling) : { end: 'deleted' }
    }
    settled.push({ digest, ...(outcomes.get(digest) ?? (await look())) })
  }
  return settled
}
