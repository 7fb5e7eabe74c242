import type { Wanted } from '../domain/clean-up/at-most.ts'
import { type Candidate, candidatesOf } from '../domain/clean-up/candidates.ts'
import type { Part } from '../domain/clean-up/held-images.ts'
import { imageGraph } from '../domain/clean-up/image-graph.ts'
import { keepers, type Users } from '../domain/clean-up/keepers.ts'
import type { ProtectedImage } from '../domain/clean-up/plan.ts'
import { UnitList } from '../domain/clean-up/unit-list.ts'
import { type Placed, type Unit, unitsOf } from '../domain/clean-up/units.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { ReadRepository } from './read-repository.ts'

/** What could go of some images of a repository, and what the rules would remove that somebody needs. */
export type PartPlan = { readonly units: readonly Unit[]; readonly protected: readonly ProtectedImage[] }

export type RepositoryPlan = Wanted & Pick<PartPlan, 'protected'>

function planPart(part: Part, repository: RepositoryRef, protection: Users, now: Date): PartPlan {
  const graph = imageGraph(part)
  const candidates = candidatesOf(part.marked, graph)
  const kept = keepers({ ...part, repository }, new Set(candidates.keys()), protection, now)
  const going = new Map([...candidates].filter(([digest]) => !kept.has(digest)))
  const staying = [...kept].flatMap(([digest, by]) => {
    const { image, rule } = candidates.get(digest) as Candidate
    // What would have gone with another image stays with it: nothing to be told.
    if (rule === null) return []
    return [{ repository: repository.repository, digest, tags: [...image.tags], by: [...by] }]
  })
  return { units: unitsOf(graph, going), protected: staying }
}

/** What could go in a repository that was read whole, part by part: nothing of a part is held when the next one is asked for. */
export function* planParts({ repository, images }: ReadRepository, protection: Users, now: Date): Generator<PartPlan> {
  for (const part of images.marked()) yield planPart(part, repository, protection, now)
}

/** What could go in a repository that was read whole, and what the rules would remove that somebody needs. */
export function planRepository(read: ReadRepository, protection: Users, now: Date): RepositoryPlan {
  const { repository, images } = read
  const isFirst = ({ candidates: [first] }: Unit, row: number): boolean =>
    images.rowOf((first as Placed).image.digest) === row
  const open = (row: number): readonly Placed[] => {
    const { units } = planPart(images.around(row), repository, protection, now)
    return (units.find((unit) => isFirst(unit, row)) as Unit).candidates
  }
  const units = new UnitList(images, open)
  const staying: ProtectedImage[] = []
  for (const part of planParts(read, protection, now)) {
    for (const unit of part.units) units.push(unit)
    for (const one of part.protected) staying.push(one)
  }
  return { repository: repository.repository, population: images.size, units, protected: staying }
}
