import type { CleanUpEntry, InUsePolicy } from '../domain/clean-up/policy.ts'
import { pulledElsewhere } from '../domain/clean-up/pulled-elsewhere.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { Protection } from '../domain/in-use/protection.ts'
import type { Removable } from '../domain/sweep/record.ts'
import type { ListedImage, RepositoryImages } from '../judging/repository-images.ts'
import { entryFor } from '../planning/entry-for.ts'
import { planParts } from '../planning/plan-repository.ts'
import { pulledByRegistry } from '../planning/pulled-by-registry.ts'
import { readRepository } from '../planning/read-repository.ts'
import type { RepositoryReader } from '../policy/reader.ts'
import type { SweepDeps } from './judging.ts'

/** What a repository is planned by: the entry of clean-up that is about it, and what is in use. */
export type PlanningBy = { readonly entry: CleanUpEntry; readonly protection: Protection }

/** Says of each repository by what it is planned; undefined where it never would be cleaned. */
export type PlanningOf = (ref: RepositoryRef, reader: RepositoryReader) => Promise<PlanningBy | undefined>

/**
 * Whether clean-up would touch a repository at all: not where what is in use is not known completely, and not where others
 * may pull whom nobody asks.
 * @throws {Unreadable} where the repository policy, which may let others pull, cannot be read
 */
export function planningOf({ config: { cleanUp }, readers, protection }: SweepDeps): PlanningOf {
  if (!cleanUp || !protection || protection.blocks.length > 0) return async () => undefined
  const inUse: InUsePolicy = cleanUp.inUse
  let blocks: Promise<readonly string[]> | undefined
  return async (ref, reader) => {
    const entry = entryFor(cleanUp, ref)
    if (!entry) return undefined
    const { account, region } = ref
    const registry = { account, region }
    blocks ??= pulledByRegistry({ registry, inUse, registryPolicy: () => readers.registry.policy(registry) })
    const [policy, byRegistry] = await Promise.all([reader.policy(ref), blocks])
    const isPulled = policy !== undefined && pulledElsewhere(policy, account, inUse) !== undefined
    return isPulled || byRegistry.length > 0 ? undefined : { entry, protection }
  }
}

/** Reads all images of a repository that are handed on page by page, and says what clean-up would delete of them. */
export async function removableOf(
  ref: RepositoryRef,
  pages: AsyncIterable<readonly ListedImage[]>,
  images: Pick<RepositoryImages, 'children'>,
  { entry, protection, now }: PlanningBy & { readonly now: Date },
): Promise<Removable> {
  const holdings = {
    async *images() {
      for await (const page of pages) yield page.map(({ stored }) => stored)
    },
    children: (_: RepositoryRef, indexes: readonly string[]) => images.children(indexes),
  }
  const read = await readRepository(ref, entry.rules, { holdings, now, onImages: () => {} })
  const sums = { images: 0, bytes: 0 }
  for (const { units } of planParts(read, protection, now))
    for (const { action, image } of units.flatMap(({ candidates }) => candidates)) {
      if (action !== 'delete') continue
      sums.images += 1
      sums.bytes += image.sizeInBytes
    }
  return sums
}
