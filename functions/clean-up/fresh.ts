import { mayBeIndex } from '../domain/clean-up/image-graph.ts'
import type { InUsePolicy } from '../domain/clean-up/policy.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { createProtection, type Protection } from '../domain/in-use/protection.ts'
import type { ChildrenOf, StoredImage } from '../domain/lifecycle/image.ts'
import { listed } from '../domain/listed.ts'
import { Unreadable } from '../faults.ts'
import type { Holdings, InventoryReader } from '../planning/ports.ts'
import { pulledByRegistry } from '../planning/pulled-by-registry.ts'
import { Halt } from './halt.ts'

/** All of a repository, just read. */
export type View = { readonly images: readonly StoredImage[]; readonly children: ChildrenOf }

/** Reads a repository again and again. What an index lists cannot change, so it is asked for once. */
export function repositoryView(
  holdings: Pick<Holdings, 'images' | 'children'>,
  repository: RepositoryRef,
): () => Promise<View> {
  const children = new Map<string, readonly string[]>()
  return async () => {
    const images: StoredImage[] = []
    for await (const page of holdings.images(repository)) images.push(...page)
    const unknown = images.filter((image) => mayBeIndex(image) && !children.has(image.digest))
    const digests = unknown.map(({ digest }) => digest)
    if (digests.length > 0)
      for (const [index, below] of await holdings.children(repository, digests)) children.set(index, below)
    return { images, children }
  }
}

/** No batch is begun by a reading of what is in use that began earlier than that. Milliseconds. */
export const MOST_AGE = 5 * 60_000
/** If the last reading began earlier than that, there is another before a batch. Milliseconds. */
const ENOUGH = 40_000

/** What it takes to know what is in use. */
export type InUseDeps = {
  readonly registry: RegistryRef
  readonly readInventory: InventoryReader
  /** Text of the registry policy: it may let other accounts pull from every repository. @throws {Unreadable} */
  readonly registryPolicy: () => Promise<string | undefined>
  /** What is pinned, and which other accounts may pull. */
  readonly inUse: Pick<InUsePolicy, 'pins' | 'accounts' | 'ignoreAccounts'>
  readonly now: () => Date
}

/** What is in use, as of an instant. */
export type FreshProtection = {
  readonly protection: Protection
  /** Milliseconds since 1970. */
  readonly at: number
}

/**
 * What is in use, and who may pull by the registry policy. It is read again before a batch when the last reading began more
 * than 40 s ago, and a reading may take up to 5 minutes: a batch is begun only by the newest reading, begun at most 5 minutes
 * ago. What comes into use meanwhile is pulled, and a pull of the last day keeps an image: that is asked just before each batch.
 * @throws {Halt} where it is not complete, or takes longer to read than it may be old: nothing is removed then
 */
export function freshProtection(deps: InUseDeps): () => Promise<FreshProtection> {
  const { readInventory, inUse, now } = deps
  let last: FreshProtection | undefined
  async function read(): Promise<FreshProtection> {
    const inventoryRead = readInventory().catch((error) => {
      throw error instanceof Unreadable ? new Halt('inventory', error.message) : error
    })
    const [inventory, pulled] = await Promise.all([inventoryRead, pulledByRegistry(deps)])
    const protection = createProtection(inventory, inUse.pins)
    const blocks = [...protection.blocks, ...pulled]
    if (blocks.length > 0) throw new Halt('inventory', `What is in use is not known completely. ${listed(blocks, 3)}`)
    return { protection, at: inventory.at }
  }
  return async () => {
    if (!last || now().getTime() - last.at > ENOUGH) last = await read()
    if (now().getTime() - last.at <= MOST_AGE) return last
    const why = `Reading what is in use took longer than ${MOST_AGE / 60_000} minutes`
    throw new Halt('inventory', `${why}, and what it says is too old to remove anything by it.`)
  }
}
