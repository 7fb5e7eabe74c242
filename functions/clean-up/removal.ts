import { mostOfRegistry, mostOfRepository } from '../domain/clean-up/at-most.ts'
import type { Plan, PlanItem } from '../domain/clean-up/plan.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { Gone, Unreadable } from '../faults.ts'
import type { Holdings } from '../planning/ports.ts'
import type { Store } from '../planning/store.ts'
import { Halt } from './halt.ts'
import { type Intent, type Journal, type Settled, writeIntent, writeOutcome } from './journal.ts'
import type { Hands, ImageId, Manifest, RemovalAnswer } from './ports.ts'
import { type Answered, settle } from './settle.ts'

/** Most ids that ECR takes in one call. */
export const MOST_IDS = 100

/** Images of one repository that go now, one way or the other. */
export type Batch = {
  readonly repository: RepositoryRef
  readonly action: PlanItem['action']
  readonly items: readonly PlanItem[]
  readonly manifests: ReadonlyMap<string, Manifest>
  /** @throws {Halt} where it is too late for what was read to be true */
  readonly checkTime: () => void
}

export type Removing = {
  readonly plan: Plan
  /** What was done for the plan before this run. */
  readonly journal: Journal
  readonly store: Store
  readonly holdings: Pick<Holdings, 'describe'>
  readonly hands: Hands
  readonly run: string
  readonly who: string
  readonly now: () => Date
}

export type Removal = {
  /**
   * Writes the intent, does it, looks, writes the outcomes. The only function that deletes.
   * @throws {Halt} before anything is done
   * @throws {Unreadable} where AWS does not answer: what is not settled then, the next run settles
   */
  remove(batch: Batch): Promise<readonly Settled[]>
  /** Somebody else deleted an image of the plan, or an earlier run whose journal is lost: it counts as if it had been this one. */
  count(item: PlanItem): void
}

/** By (digest, tag) where it has tags, so that a tag that nobody named saves it. */
export const idsOf = ({ digest, tags }: Pick<PlanItem, 'digest' | 'tags'>): readonly ImageId[] =>
  tags.length === 0 ? [{ digest }] : tags.map((tag) => ({ digest, tag }))

/** How many images of a plan are, or may be, deleted: counted over the plan and all its runs, never over one run. */
function createCount({ atMost, population, oldest = {} }: Plan, { entries }: Journal) {
  const counted = new Map<string, Set<string>>()
  const of = (repository: string): Set<string> => {
    const known = counted.get(repository) ?? new Set()
    counted.set(repository, known)
    return known
  }
  for (const { intent } of entries)
    if (intent.action === 'delete') for (const { digest } of intent.items) of(intent.repository).add(digest)
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, one) => all + one, 0)
  const most = mostOfRegistry(atMost, sum(Object.values(population)))

  return {
    add: ({ repository, digest }: PlanItem): void => void of(repository).add(digest),
    /** @throws {Halt} where they would be more than the plan allows */
    check(repository: string): void {
      const [here, all] = [of(repository).size, sum([...counted.values()].map(({ size }) => size))]
      const mostHere = mostOfRepository(atMost, population[repository] ?? 0, oldest[repository] ?? 0)
      if (all > atMost.images) throw new Halt('at-most', `${all} images, and at most ${atMost.images} may go`)
      if (here > mostHere) throw new Halt('at-most', `${here} images of ${repository}, and at most ${mostHere} may go`)
      if (all > most) throw new Halt('at-most', `${all} images of the registry, and at most ${most} may go`)
    },
  }
}

/** @throws a fault of ours as it is */
function faultOf(error: unknown): string {
  if (error instanceof Unreadable || error instanceof Gone) return error.message
  throw error
}

/** Ids in calls, as many as ECR takes. An answer that does not come ends it. */
async function deleteAll({ items, repository }: Batch, hands: Hands): Promise<Answered> {
  const ids = items.flatMap(idsOf)
  const [removed, failures]: [ImageId[], RemovalAnswer['failures'][number][]] = [[], []]
  try {
    for (let start = 0; start < ids.length; start += MOST_IDS) {
      const answer = await hands.remove(repository, ids.slice(start, start + MOST_IDS))
      removed.push(...answer.removed)
      failures.push(...answer.failures)
    }
  } catch (error) {
    return { removed, failures, fault: faultOf(error) }
  }
  return { removed, failures }
}

async function archiveAll({ items, repository }: Batch, hands: Hands): Promise<Answered> {
  let fault: string | undefined
  for (const { digest } of items) {
    try {
      await hands.archive(repository, digest)
    } catch (error) {
      fault ??= faultOf(error)
    }
  }
  return { fault }
}

const intendedItem = ({ digest, tags, policy, rule, reason, sizeBytes }: PlanItem, manifests: Batch['manifests']) => {
  const manifest = manifests.get(digest)
  return {
    ...{ digest, tags, policy, rule, reason, sizeBytes },
    manifest: manifest ? { text: manifest.text, mediaType: manifest.mediaType } : null,
  }
}

/** What removes images for a plan. */
export function createRemoval({ plan, journal, store, holdings, hands, run, who, now }: Removing): Removal {
  const count = createCount(plan, journal)
  let number = journal.last

  const intentOf = ({ action, repository, items, manifests }: Batch): Intent => ({
    ...{ version: 1, plan: plan.id, hash: plan.hash, number, run, by: who, at: now().toISOString() },
    ...{ action, repository: repository.repository },
    items: items.map((item) => intendedItem(item, manifests)),
  })

  return {
    count: count.add,
    async remove(batch) {
      const { repository, action, items, checkTime } = batch
      if (action === 'delete') {
        for (const item of items) count.add(item)
        count.check(repository.repository)
      }
      number += 1
      const intent = intentOf(batch)
      checkTime()
      await writeIntent(store, intent)
      checkTime()
      const answered = await (action === 'delete' ? deleteAll(batch, hands) : archiveAll(batch, hands))
      const outcomes = await settle(intent, answered, { repository, holdings, hands })
      await writeOutcome(store, intent, { run, by: who, at: now().toISOString(), outcomes })
      return outcomes
    },
  }
}
