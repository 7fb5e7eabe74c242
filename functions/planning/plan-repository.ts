import type { Wanted } from '../domain/clean-up/at-most.ts'
import { candidatesOf } from '../domain/clean-up/candidates.ts'
import { imageGraph } from '../domain/clean-up/image-graph.ts'
import { keepers, type Users } from '../domain/clean-up/keepers.ts'
import type { ProtectedImage } from '../domain/clean-up/plan.ts'
import { unitsOf } from '../domain/clean-up/units.ts'
import type { ReadRepository } from './read-repository.ts'

export type RepositoryPlan = Wanted & { readonly protected: readonly ProtectedImage[] }

/** What could go in a repository that was read whole, and what the rules would remove that somebody needs. */
export function planRepository(read: ReadRepository, protection: Users, now: Date): RepositoryPlan {
  const { repository, images, children, marked } = read
  const graph = imageGraph({ images, children })
  const candidates = candidatesOf(marked, graph)
  const kept = keepers({ repository, images, children }, new Set(candidates.keys()), protection, now)
  const going = new Map([...candidates].filter(([digest]) => !kept.has(digest)))
  const staying = [...kept].flatMap(([digest, by]) => {
    const { image, rule = null } = candidates.get(digest) ?? {}
    // What would have gone with another image stays with it: nothing to be told.
    if (!image || rule === null) return []
    return [{ repository: repository.repository, digest, tags: [...image.tags], by: [...by] }]
  })
  return {
    repository: repository.repository,
    population: images.length,
    units: unitsOf(graph, going),
    protected: staying,
  }
}
