import * as v from 'valibot'
import { imageKey } from '../domain/image.ts'
import { registryKey } from '../domain/registry.ts'
import { createSearch, type FoundImage } from '../domain/supply-chain/package-index/search.ts'
import { matchesQuery, packageQuery } from '../domain/supply-chain/package-query.ts'
import type { WatchFor } from '../domain/sweep/policy.ts'
import type { Store } from '../planning/store.ts'
import { KEYS } from './contract.ts'
import { put } from './kept.ts'
import type { NotIndexed } from './package-index.ts'

/** By the package that is watched for: the images that were told of. */
const ToldSchema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.array(v.string())))

/** What cannot be understood was not told. */
function toldIn(text: string | undefined): Readonly<Record<string, readonly string[]>> {
  const read = v.safeParse(ToldSchema, text)
  return read.success ? read.output : {}
}

function searchFor(watch: WatchFor) {
  const query = packageQuery(watch.package)
  return { watch, search: createSearch((one) => ('fault' in query ? 'no' : matchesQuery(query, one))) }
}

/**
 * Looks for the packages that steward.yaml watches for, in every index that a sweep makes, and has each image told once: again
 * only where it lost the package, and has it anew.
 */
export function watchingFor(watches: readonly WatchFor[], store: Store) {
  const searches = watches.map(searchFor)
  return {
    onShard(text: string): void {
      for (const { search } of searches) search.add(text)
    },
    /**
     * To be called once all indexes are made.
     * What was told of an image that could not be read since stays told.
     * @param left registries without a new index: of these, what was told stays told
     * @param publish is told of at least one image, and of how many images of the indexes nothing is known
     * @throws {Unreadable} where it cannot be remembered: it is told again under the same id
     */
    async tell(
      left: readonly NotIndexed[],
      publish: (watch: WatchFor, found: readonly FoundImage[], uncovered: number) => Promise<void>,
    ): Promise<void> {
      if (searches.length === 0) return
      const told = toldIn((await store.read(KEYS.watchedFor))?.text)
      const isLeft = (key: string): boolean => left.some((registry) => key.startsWith(`${registryKey(registry)}/`))
      const now: Record<string, readonly string[]> = {}
      for (const { watch, search } of searches) {
        const { found, missing, uncovered } = search.end()
        const before = new Set(told[watch.package])
        const fresh = found.filter((image) => !before.has(imageKey(image)))
        if (fresh.length > 0) await publish(watch, fresh, uncovered)
        const unread = new Set(missing.map(imageKey))
        const stays = [...before].filter((key) => isLeft(key) || unread.has(key))
        now[watch.package] = [...new Set([...found.map(imageKey), ...stays])].toSorted()
      }
      await put(store, KEYS.watchedFor, JSON.stringify(now))
    },
  }
}
