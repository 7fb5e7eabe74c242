import { type ImageGraph, imageGraph } from '../domain/clean-up/image-graph.ts'
import type { Users } from '../domain/clean-up/keepers.ts'
import type { Expiring } from '../domain/expiring-alert.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { withKept } from '../domain/lifecycle/keeping-rules.ts'
import { parsePolicy } from '../domain/lifecycle/parse-policy.ts'
import { policyText } from '../domain/lifecycle/policy-text.ts'
import type { Rule } from '../domain/lifecycle/rule.ts'
import { Gone, Unreadable } from '../faults.ts'
import { forEach } from '../planning/for-each.ts'
import type { Holdings } from '../planning/ports.ts'
import { readRepository } from '../planning/read-repository.ts'
import type { PlanningListener } from './plan.ts'

/** What comes due before the next run of a day, and a day of grace: ECR acts within a day. Milliseconds. */
const WITHIN = 2 * 86_400_000

export type GuardDeps = Omit<PlanningListener, 'onUncovered'> & {
  readonly registry: RegistryRef
  readonly holdings: Holdings
  readonly protection: Users
  readonly now: Date
  /** Milliseconds from now on; two days otherwise. */
  readonly within?: number
  /** Repositories that are read side by side; each is held whole. */
  readonly atOnce: number
  /** All of the registry otherwise. */
  readonly repositories?: AsyncIterable<readonly RepositoryRef[]>
}

/** Images in use of one repository that its own lifecycle policy is about to remove. */
export type Endangered = {
  readonly repository: RepositoryRef
  readonly images: readonly Expiring[]
  /** Text of the policy with a rule for each of the images that have a tag, so that they stay; none where ECR would not take it. */
  readonly keeping?: string | undefined
}

export type GuardReport = {
  /** In the order of their names. */
  readonly endangered: readonly Endangered[]
  /** Repositories that could not be looked at, and why; null for all those that could not be listed. */
  readonly unread: readonly { readonly repository: string | null; readonly why: string }[]
  /** Repositories that have a lifecycle policy, and were looked at. */
  readonly guarded: number
}

/** Everything that goes with an image, by ECR: what an index lists, and what is about it by its subject. */
function withIt(digest: string, graph: ImageGraph): ReadonlySet<string> {
  const all = new Set([digest])
  // A Set is iterated in the order of adding, with what is added on the way.
  for (const one of all) {
    for (const child of graph.childrenOf(one)) all.add(child)
    for (const about of graph.referrersOf(one)) if (graph.byDigest.get(about)?.subject === one) all.add(about)
  }
  return all
}

async function endangeredIn(
  repository: RepositoryRef,
  rules: readonly Rule[],
  deps: GuardDeps,
): Promise<readonly Expiring[]> {
  const { holdings, protection, now, within = WITHIN, onImages = () => {} } = deps
  const horizon = new Date(now.getTime() + within)
  const { images } = await readRepository(repository, rules, { holdings, now: horizon, onImages })
  const found: Expiring[] = []
  for (const part of images.marked()) {
    const graph = imageGraph(part)
    const usersOf = (digest: string): readonly string[] => {
      const { tags = [] } = graph.byDigest.get(digest) ?? {}
      return protection.usersOf(repository, { digest, tags })
    }
    for (const verdict of part.marked) {
      const users = new Set([...withIt(verdict.digest, graph)].flatMap(usersOf))
      if (users.size > 0) found.push({ ...verdict, usedBy: [...users] })
    }
  }
  return found
}

function keepingText(rules: readonly Rule[], images: readonly Expiring[]): string | undefined {
  const tags = images.flatMap((image) => image.tags.slice(0, 1))
  const kept = tags.length > 0 ? withKept(rules, tags) : undefined
  return kept && policyText(kept)
}

/** @returns undefined where the repository has no policy @throws {Unreadable} @throws {Gone} */
async function guardOne(repository: RepositoryRef, deps: GuardDeps): Promise<Endangered | undefined> {
  const text = await deps.holdings.lifecyclePolicy(repository)
  if (text === undefined) return undefined
  const { rules, faults = [] } = parsePolicy(text)
  if (!rules) throw new Unreadable(`its lifecycle policy is not understood: ${faults[0]?.problem}`, true, undefined)
  const images = await endangeredIn(repository, rules, deps)
  return { repository, images, keeping: keepingText(rules, images) }
}

const byName = (one: Endangered, other: Endangered): number =>
  one.repository.repository < other.repository.repository ? -1 : 1

/**
 * Images in use that ECR is about to expire or archive by the repositories' own lifecycle policies: by an age that is reached
 * soon, or by a count. Whatever the inventory does not know may be in use as well. Nothing is changed.
 */
export async function guardRegistry(deps: GuardDeps): Promise<GuardReport> {
  const [endangered, unread]: [Endangered[], GuardReport['unread'][number][]] = [[], []]
  let guarded = 0
  const tell = (repository: string | null, error: unknown): void => {
    if (!(error instanceof Unreadable)) throw error
    const why = repository === null ? `the list of repositories cannot be read: ${error.message}` : error.message
    unread.push({ repository, why })
  }
  const one = async (repository: RepositoryRef): Promise<void> => {
    try {
      const found = await guardOne(repository, deps)
      if (found) guarded += 1
      if (found && found.images.length > 0) endangered.push(found)
      deps.onRepository?.(repository)
    } catch (error) {
      if (error instanceof Gone) deps.onGone?.(repository)
      else tell(repository.repository, error)
    }
  }
  const pages = deps.repositories ?? deps.holdings.repositories(deps.registry)
  await forEach(flat(pages), deps.atOnce, one).catch((error) => tell(null, error))
  return { endangered: endangered.toSorted(byName), unread, guarded }
}

async function* flat<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const page of pages) yield* page
}
