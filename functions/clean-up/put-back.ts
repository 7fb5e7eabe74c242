import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { type Hands, LayersGone, type Manifest } from './ports.ts'

/** What became of tags that were to be put on an image again. */
export type PutBack = {
  readonly back: readonly string[]
  /** Those that name another image by now: they are not taken from it. */
  readonly elsewhere: readonly string[]
  /** Why the rest could not be put back. */
  readonly lost?: string | undefined
}

/** Most tags that are asked for in one call. */
const PAGE = 100

async function namedNow(hands: Pick<Hands, 'named'>, repository: RepositoryRef, tags: readonly string[]) {
  const all = new Map<string, string>()
  for (let start = 0; start < tags.length; start += PAGE)
    for (const [tag, digest] of await hands.named(repository, tags.slice(start, start + PAGE))) all.set(tag, digest)
  return all
}

/**
 * Puts tags on an image again, pushing its manifest where it is gone; a tag that names another image is left there. ECR
 * knows no condition for it: who pushes that very tag between the look and the call loses it.
 * @throws {Unreadable}
 * @throws {Gone} where the repository is not there
 */
export async function putBack(
  manifest: Manifest,
  tags: readonly string[],
  repository: RepositoryRef,
  hands: Pick<Hands, 'named' | 'put'>,
): Promise<PutBack> {
  const [back, elsewhere]: [string[], string[]] = [[], []]
  try {
    const now = await namedNow(hands, repository, tags)
    for (const tag of tags) {
      const names = now.get(tag)
      if (names !== undefined && names !== manifest.digest) elsewhere.push(tag)
      else {
        if (names === undefined) await hands.put(repository, manifest, tag)
        back.push(tag)
      }
    }
  } catch (error) {
    if (!(error instanceof LayersGone)) throw error
    return { back, elsewhere, lost: error.message }
  }
  return { back, elsewhere }
}
