import { mayBeIndex } from '../domain/clean-up/image-graph.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { createEvaluation, type Verdicts } from '../domain/lifecycle/evaluation.ts'
import type { ChildrenOf, StoredImage } from '../domain/lifecycle/image.ts'
import type { Rule } from '../domain/lifecycle/rule.ts'
import type { LifecycleVerdict } from '../domain/lifecycle/verdict.ts'
import type { Holdings } from './ports.ts'

/** A repository as it was read, each page once, with what the rules say of its images. */
export type ReadRepository = {
  readonly repository: RepositoryRef
  readonly images: readonly StoredImage[]
  readonly children: ChildrenOf
  /** On those that the rules remove or archive. */
  readonly marked: readonly LifecycleVerdict[]
}

type Reading = {
  readonly holdings: Pick<Holdings, 'images' | 'children'>
  readonly now: Date
  /** Told of every page. */
  readonly onImages: (images: number) => void
}

function markedIn(verdicts: Verdicts): readonly LifecycleVerdict[] {
  const marked: LifecycleVerdict[] = []
  for (let row = 0; row < verdicts.size; row++)
    if (verdicts.actionOf(row) !== 'keep') marked.push(verdicts.verdictOf(row))
  return marked
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
  const evaluation = createEvaluation(rules, now)
  const images: StoredImage[] = []
  const seen = new Set<string>()
  for await (const page of holdings.images(repository)) {
    // What is pushed meanwhile moves others to the next page: one that came twice would count for two.
    const fresh = page.filter(({ digest }) => seen.size < seen.add(digest).size)
    evaluation.add(fresh)
    for (const image of fresh) images.push(image)
    onImages(fresh.length)
  }
  const indexes = images.filter(mayBeIndex).map(({ digest }) => digest)
  const children = indexes.length > 0 ? await holdings.children(repository, indexes) : new Map()
  evaluation.addChildren(children)
  return { repository, images, children, marked: markedIn(evaluation.end()) }
}
