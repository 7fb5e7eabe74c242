import type { RepositoryRef } from '../../domain/facts/repository-facts.ts'
import type { Manifest, QuarantineHands } from './ports.ts'

/** What became of a tag: the image has the other one now, or nothing was changed. */
export type Moved = { readonly state: 'done' } | { readonly state: 'left' | 'failed'; readonly why: string }

export type TagMoving = {
  readonly ref: RepositoryRef
  readonly manifest: Manifest
  /** The tag that goes. */
  readonly from: string
  /** The one that the image gets in its place. */
  readonly to: string
}

type Hands = Omit<QuarantineHands, 'journal'>

const DONE: Moved = { state: 'done' }
const left = (why: string): Moved => ({ state: 'left', why })
const failed = (why: string): Moved => ({ state: 'failed', why })

/** Milliseconds before tags are read back again where ECR still shows what was before. */
const READ_BACK = [500, 2_000]

const look = ({ ref, from, to }: TagMoving, { tags }: Hands) => tags.named(ref, [from, to])

async function lookUntil(
  moving: TagMoving,
  hands: Hands,
  isSo: (names: ReadonlyMap<string, string>) => boolean,
): Promise<ReadonlyMap<string, string>> {
  let names = await look(moving, hands)
  for (const milliseconds of READ_BACK) {
    if (isSo(names)) break
    await hands.pause(milliseconds)
    names = await look(moving, hands)
  }
  return names
}

/** The image went with its last tag, for somebody took the other one from it at that moment: it is pushed again. */
async function putBack({ ref, manifest, from }: TagMoving, names: ReadonlyMap<string, string>, { tags }: Hands) {
  const isFree = (names.get(from) ?? manifest.digest) === manifest.digest
  await tags.put(ref, manifest, isFree ? from : undefined)
}

async function removed(moving: TagMoving, hands: Hands): Promise<Moved> {
  const { ref, manifest, from, to } = moving
  const { digest } = manifest
  const { failures } = await hands.tags.remove(ref, [{ digest, tag: from }])
  const names = await lookUntil(moving, hands, (now) => now.get(to) === digest && now.get(from) !== digest)
  if (names.get(to) !== digest) {
    await putBack(moving, names, hands)
    return failed(`the tag ${to} was taken from it at the same moment`)
  }
  if (names.get(from) !== digest) return DONE
  const [failure] = failures
  return failed(failure ? `ECR answered ${failure.code} to BatchDeleteImage` : 'ECR still shows it')
}

/**
 * Gives an image another tag in place of one of its own, by pushing its manifest once more, and never takes a tag from another
 * image. The old tag goes only once the new one was read back and while the old one still names this image; so a crash in
 * between leaves both, and calling it again goes on. ECR knows no condition for a push: who pushes the new tag elsewhere between
 * the look and the call loses it.
 * @throws {Unreadable} whatever was done is found by calling it again
 * @throws {Gone} where the repository is not there
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html
 */
export async function moveTag(moving: TagMoving, hands: Hands): Promise<Moved> {
  const { ref, manifest, from, to } = moving
  const { digest } = manifest
  const before = await look(moving, hands)
  const isThere = before.get(to) === digest
  if (before.get(from) !== digest) return isThere ? DONE : left('it does not name this image any more')
  if (!isThere && before.has(to)) return left(`the tag ${to} names another image`)
  if (!isThere) await hands.tags.put(ref, manifest, to)
  const after = await lookUntil(moving, hands, (now) => now.get(to) === digest)
  if (after.get(to) !== digest) return failed(`the tag ${to} was not there when it was read back`)
  if (after.get(from) !== digest) return left('it does not name this image any more')
  return removed(moving, hands)
}
