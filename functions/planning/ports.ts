import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { Inventory } from '../domain/in-use/use.ts'
import type { ChildrenOf, StoredImage } from '../domain/lifecycle/image.ts'

/** What a registry holds. Every method throws `Unreadable`, and `Gone` where the repository is not there. */
export type Holdings = {
  repositories(registry: RegistryRef): AsyncIterable<readonly RepositoryRef[]>
  /** Every image of a repository, archived ones too, up to 1,000 a page. */
  images(repository: RepositoryRef): AsyncIterable<readonly StoredImage[]>
  /** Those of the digests that are there now. */
  describe(repository: RepositoryRef, digests: readonly string[]): Promise<readonly StoredImage[]>
  /** Children of indexes. One that is gone, or cannot be read as an index, is left out. */
  children(repository: RepositoryRef, indexes: readonly string[]): Promise<ChildrenOf>
  /** Text of the repository's own lifecycle policy. */
  lifecyclePolicy(repository: RepositoryRef): Promise<string | undefined>
  /** Text of the repository policy: it says which other accounts may pull. */
  repositoryPolicy(repository: RepositoryRef): Promise<string | undefined>
}

/** Reads all sources anew. */
export type InventoryReader = () => Promise<Inventory>
