import { createHolding, type HeldImages } from '../domain/clean-up/held-images.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { Rule } from '../domain/lifecycle/rule.ts'
import type { Holdings } from './ports.ts'

/** A repository as it was read, each page once, with what the rules say of its images. */
export type ReadRepository = { readonly repository: RepositoryRef; readonly images: HeldImages }

type Reading = {
  readonly holdings: Pick<Holdings, 'images' | 'children'>
  readonly now: Date
  /** Told of every page. */
  readonly onImages: (images: number) => void
}

/**
 * Reads the images of a repository, and what its indexes list, while the rules look at them.
 * @throws {Unreadable} also in the midst of it
 * @throws {Gone}
 */
export async function readRepository(
  repository: RepositoryRef,
  rules: readonly Rule[],
  { holdings, now, onImages }: Reading,
): Promise<ReadRepository> {
  const holding = createHolding(rules, now)
  for await (const page of holdings.images(repository)) onImages(holding.add(page))
  const indexes = holding.indexes()
  const children = indexes.length > 0 ? await holdings.children(repository, indexes) : new Map()
  return { repository, images: holding.end(children) }
}
