import { type Cut, createCut, cutRepository, type GoingCut, oldestOf } from '../domain/clean-up/at-most.ts'
import type { Candidate } from '../domain/clean-up/candidates.ts'
import { PLAN_LIFE } from '../domain/clean-up/limits.ts'
import type { Plan, PlanDraft, PlanItem, ProtectedImage } from '../domain/clean-up/plan.ts'
import type { CleanUpEntry, CleanUpPolicy } from '../domain/clean-up/policy.ts'
import { pulledElsewhere } from '../domain/clean-up/pulled-elsewhere.ts'
import { sealPlan } from '../domain/clean-up/seal.ts'
import { totalsOf } from '../domain/clean-up/totals.ts'
import { inGoingOrder } from '../domain/clean-up/units.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { createProtection, type Protection } from '../domain/in-use/protection.ts'
import type { Inventory } from '../domain/in-use/use.ts'
import { isIndex } from '../domain/lifecycle/image.ts'
import { Gone, Unreadable } from '../faults.ts'
import { entryFor } from '../planning/entry-for.ts'
import { forEach } from '../planning/for-each.ts'
import { planRepository } from '../planning/plan-repository.ts'
import type { Holdings, InventoryReader } from '../planning/ports.ts'
import { pulledByRegistry } from '../planning/pulled-by-registry.ts'
import { readRepository } from '../planning/read-repository.ts'

/** What is told on the way. */
export type PlanningListener = {
  readonly onImages?: (images: number) => void
  readonly onRepository?: (repository: RepositoryRef) => void
  /** A repository that is not there, or no longer: it is not in the plan. */
  readonly onGone?: (repository: RepositoryRef) => void
  /** A repository that no entry is about: it is never cleaned. */
  readonly onUncovered?: (repository: RepositoryRef) => void
}

export type Planning = PlanningListener & {
  readonly registry: RegistryRef
  readonly policy: CleanUpPolicy
  readonly holdings: Holdings
  readonly readInventory: InventoryReader
  readonly now: Date
  /** Text of the registry policy, which may let other accounts pull from every repository. @throws {Unreadable} */
  readonly registryPolicy: () => Promise<string | undefined>
  /** Of the plan: see `planId`. */
  readonly id: string
  /** Repositories that are read side by side; each is held whole. */
  readonly atOnce: number
  /** All of the registry otherwise. */
  readonly repositories?: AsyncIterable<readonly RepositoryRef[]>
}

type Planned = {
  readonly repository: string
  readonly population: number
  readonly protected: readonly ProtectedImage[]
  readonly entry: CleanUpEntry
}

type Found = { readonly plans: readonly Planned[]; readonly cut: GoingCut; readonly blocked: Plan['blocked'] }

type Covered = { readonly repository: RepositoryRef; readonly entry: CleanUpEntry }

async function* covered(planning: Planning): AsyncGenerator<Covered> {
  const { holdings, registry, policy, onUncovered } = planning
  for await (const page of planning.repositories ?? holdings.repositories(registry))
    for (const repository of page) {
      const entry = entryFor(policy, repository)
      if (entry) yield { repository, entry }
      else onUncovered?.(repository)
    }
}

/** @returns why the repository is not looked at, or what could go in it */
async function planOne(
  { repository, entry }: Covered,
  planning: Planning,
  protection: Promise<Protection>,
  cut: GoingCut,
): Promise<Planned | { readonly why: string }> {
  const { holdings, policy, now, onImages = () => {} } = planning
  const policyText = await holdings.repositoryPolicy(repository)
  const why = policyText === undefined ? undefined : pulledElsewhere(policyText, repository.account, policy.inUse)
  if (why !== undefined) return { why }
  const read = await readRepository(repository, entry.rules, { holdings, now, onImages })
  const planned = planRepository(read, await protection, now)
  cut.add(cutRepository(planned, policy.atMost))
  return { repository: planned.repository, population: planned.population, protected: planned.protected, entry }
}

/** Reads what can be read. A repository that cannot be read whole is blocked; one that is gone is left out. */
async function findAll(planning: Planning, protection: Promise<Protection>): Promise<Found> {
  const [plans, blocked]: [Planned[], Plan['blocked']] = [[], []]
  const cut = createCut(planning.policy.atMost)
  const block = (repository: string | null, error: unknown): void => {
    if (!(error instanceof Unreadable)) throw error
    const why = repository === null ? `the list of repositories cannot be read: ${error.message}` : error.message
    blocked.push({ repository, why })
  }
  const work = async (one: Covered): Promise<void> => {
    try {
      const planned = await planOne(one, planning, protection, cut)
      if ('why' in planned) blocked.push({ repository: one.repository.repository, why: planned.why })
      else plans.push(planned)
    } catch (error) {
      if (!(error instanceof Gone)) return block(one.repository.repository, error)
      planning.onGone?.(one.repository)
    }
    planning.onRepository?.(one.repository)
  }
  await forEach(covered(planning), planning.atOnce, work).catch((error) => block(null, error))
  return { plans: plans.toSorted(byName), cut, blocked: blocked.toSorted(byName) }
}

/** Of those without a name first. */
const byName = (one: { readonly repository: string | null }, other: { readonly repository: string | null }): number =>
  (one.repository ?? '') < (other.repository ?? '') ? -1 : 1

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()

function itemOf({ image, action, rule, reason }: Candidate, repository: string, { policy }: CleanUpEntry): PlanItem {
  return {
    ...{ repository, digest: image.digest, tags: [...image.tags], action, isIndex: isIndex(image) },
    ...{ policy, rule, reason, pushedAt: instant(image.pushedAt) },
    pulledAt: image.pulledAt === undefined ? null : instant(image.pulledAt),
    status: image.status === 'ARCHIVED' ? 'ARCHIVED' : 'ACTIVE',
    sizeBytes: image.sizeInBytes,
  }
}

const sourcesOf = ({ reports }: Inventory): Plan['inventory']['sources'] =>
  reports.map(({ source, registry: { account, region }, uses, incomplete }) => ({
    ...{ source, account, region, uses: uses.length, incomplete: incomplete ?? null },
  }))

/** Why nothing may go, whatever the repositories say. */
const UNKNOWN = 'what is in use is not known completely, and it could be any image'

const cutOf = ({ cut }: Found, blocks: readonly string[]): Cut => (blocks.length > 0 ? cut.hold(UNKNOWN) : cut.end())

function draftOf(found: Found, inventory: Inventory, blocks: readonly string[], planning: Planning): PlanDraft {
  const { registry, policy, now, id } = planning
  const { plans, blocked } = found
  const { taken, heldBack } = cutOf(found, blocks)
  const items = plans.flatMap(({ repository, entry }) =>
    inGoingOrder(taken.get(repository) ?? []).map((candidate) => itemOf(candidate, repository, entry)),
  )
  return {
    ...{ version: 1, id, account: registry.account, region: registry.region },
    ...{ createdAt: now.toISOString(), expiresAt: instant(now.getTime() + PLAN_LIFE), atMost: { ...policy.atMost } },
    population: Object.fromEntries(plans.map(({ repository, population }) => [repository, population])),
    oldest: Object.fromEntries([...taken].map(([repository, units]) => [repository, oldestOf(units)])),
    inventory: { at: instant(inventory.at), sources: sourcesOf(inventory) },
    items,
    protected: plans.flatMap((plan) => plan.protected),
    blocked: [...blocks.map((why) => ({ repository: null, why })), ...blocked],
    heldBack: [...heldBack].toSorted(byName),
    totals: totalsOf(items),
  }
}

/**
 * Plans what goes from a registry by the policies of steward.yaml: the inventory of what is in use and the repositories are
 * read side by side, each page of images once. Nothing is planned of a repository that was read in part, and nothing at all
 * where the inventory is not complete: it could have named any image.
 */
export async function planCleanUp(planning: Planning): Promise<Plan> {
  const inventory = planning.readInventory()
  const protection = inventory.then((read) => createProtection(read, planning.policy.inUse.pins))
  // Whoever awaits it learns of its end, which may be later.
  protection.catch(() => undefined)
  const byRegistry = pulledByRegistry({ ...planning, inUse: planning.policy.inUse })
  byRegistry.catch(() => undefined)
  const found = await findAll(planning, protection)
  const blocks = [...(await protection).blocks, ...(await byRegistry)]
  return sealPlan(draftOf(found, await inventory, blocks, planning))
}
