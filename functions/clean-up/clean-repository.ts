import { keepers } from '../domain/clean-up/keepers.ts'
import type { ItemOutcome } from '../domain/clean-up/outcome.ts'
import type { PlanItem } from '../domain/clean-up/plan.ts'
import { pulledElsewhere } from '../domain/clean-up/pulled-elsewhere.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { listed } from '../domain/listed.ts'
import { Unreadable } from '../faults.ts'
import { candidatesOf, isListedUnseen, mayBeListed, nextBatch, type Todo, updated } from './batch.ts'
import { MOST_AGE, repositoryView, type View } from './fresh.ts'
import type { ApplyDeps, Going } from './going.ts'
import { Halt } from './halt.ts'
import type { Settled } from './journal.ts'
import type { Manifest } from './ports.ts'
import { changeOf } from './recheck.ts'
import type { Removal } from './removal.ts'
import type { Tally } from './tally.ts'

export type Cleaning = ApplyDeps & { readonly going: Going; readonly removal: Removal; readonly tally: Tally }

const digestsOf = (items: readonly PlanItem[]): readonly string[] => items.map(({ digest }) => digest)

/** One repository while it is cleaned. */
class RepositoryCleaning {
  readonly #repository: RepositoryRef
  readonly #deps: Cleaning
  readonly #todo: Todo
  readonly #read: () => Promise<View>

  constructor(repository: RepositoryRef, items: readonly PlanItem[], deps: Cleaning) {
    this.#repository = repository
    this.#deps = deps
    this.#todo = new Map(items.map((item) => [item.digest, item]))
    this.#read = repositoryView(deps.holdings, repository)
  }

  async run(): Promise<void> {
    const { holdings, inUse } = this.#deps
    const policy = await holdings.repositoryPolicy(this.#repository)
    const why = policy === undefined ? undefined : pulledElsewhere(policy, this.#repository.account, inUse)
    if (why !== undefined) return this.#keepRest(why)
    while (this.#todo.size > 0) await this.#round()
  }

  /** Everything is read anew, what is most likely to change last; then a batch goes. */
  async #round(): Promise<void> {
    const { going, holdings } = this.#deps
    const listing = await this.#read()
    const { protection, at } = await going.protection()
    await going.mayGoOn()
    this.#settleUnlikePlan([...this.#todo.values()], listing)
    const next = nextBatch(this.#todo, listing)
    const [first] = next
    if (!first) return this.#keepRest('it is about an image that is about it')
    const view = updated(listing, next, await holdings.describe(this.#repository, digestsOf(next)))
    this.#settleUnlikePlan(next, view)
    const candidates = candidatesOf(first.action, this.#todo.values(), view)
    this.#keep(next, keepers({ ...view, repository: this.#repository }, candidates, protection, this.#now()))
    this.#keepUnlessWhole(next, view)
    const manifests = await this.#manifests(next)
    const items = this.#left(next)
    if (items.length === 0) return
    const checkTime = (): void => this.#checkTime(at)
    const { action } = first
    const outcomes = await this.#deps.removal.remove({
      repository: this.#repository,
      action,
      items,
      manifests,
      checkTime,
    })
    await this.#settleRemoved(outcomes, view)
  }

  #now = (): Date => this.#deps.now()

  #left = (items: readonly PlanItem[]): readonly PlanItem[] => items.filter(({ digest }) => this.#todo.has(digest))

  #settle(digest: string, outcome: ItemOutcome): void {
    this.#todo.delete(digest)
    this.#deps.tally.add(this.#repository.repository, { digest, ...outcome })
  }

  #keepRest(why: string): void {
    for (const digest of [...this.#todo.keys()]) this.#settle(digest, { end: 'kept', why })
  }

  /** What is gone, and what is not as the plan saw it. */
  #settleUnlikePlan(items: readonly PlanItem[], view: View): void {
    const images = new Map(view.images.map((image) => [image.digest, image]))
    for (const item of items) {
      const image = images.get(item.digest)
      const why = image && changeOf(item, image)
      if (why !== undefined) this.#settle(item.digest, { end: 'kept', why })
      if (image) continue
      if (item.action === 'delete') this.#deps.removal.count(item)
      this.#settle(item.digest, { end: 'already-gone' })
    }
  }

  #keep(items: readonly PlanItem[], staying: ReadonlyMap<string, readonly string[]>): void {
    for (const { digest } of this.#left(items)) {
      const reasons = staying.get(digest)
      if (reasons) this.#settle(digest, { end: 'kept', why: listed(reasons, 3) })
    }
  }

  /** ECR may refuse the last of its tags for the sake of an index that nobody can read, and no tag can be put on it again. */
  #keepUnlessWhole(items: readonly PlanItem[], view: View): void {
    const why = 'an archived index may list it, and an archived image could not get its tags back'
    for (const { digest, action, status, tags } of this.#left(items))
      if (action === 'delete' && status === 'ARCHIVED' && tags.length > 1 && mayBeListed(digest, view))
        this.#settle(digest, { end: 'kept', why })
  }

  /** What they can be brought back by. What is archived cannot be read, and goes without. */
  async #manifests(items: readonly PlanItem[]): Promise<ReadonlyMap<string, Manifest>> {
    const wanted = this.#left(items).filter(({ action, status }) => action === 'delete' && status === 'ACTIVE')
    if (wanted.length === 0) return new Map()
    const found = await this.#deps.hands.manifests(this.#repository, digestsOf(wanted))
    const manifests = new Map(found.map((manifest) => [manifest.digest, manifest]))
    for (const { digest } of wanted)
      if (!manifests.has(digest))
        this.#settle(digest, { end: 'kept', why: 'its manifest cannot be read, so it could not be brought back' })
    return manifests
  }

  #checkTime(inventoryAt: number): void {
    this.#deps.going.checkLease()
    if (this.#now().getTime() - inventoryAt <= MOST_AGE) return
    throw new Halt(
      'inventory',
      `What is in use was read more than ${MOST_AGE / 60_000} minutes before it was its turn.`,
    )
  }

  async #settleRemoved(outcomes: readonly Settled[], before: View): Promise<void> {
    const isRefused = (one: Settled): boolean => one.end === 'failed' && one.code === 'ImageReferencedByManifestList'
    const after = outcomes.some(isRefused) ? await this.#read() : before
    const unseen = new Set(
      outcomes.filter((one) => isRefused(one) && isListedUnseen(one.digest, before, after)).map(({ digest }) => digest),
    )
    for (const { digest, ...outcome } of outcomes)
      this.#settle(
        digest,
        unseen.has(digest) ? { end: 'kept', why: 'an index lists it that could not be seen' } : outcome,
      )
    const bug = outcomes.find((one) => isRefused(one) && !unseen.has(one.digest))
    if (bug) throw new Halt('bug', `An index lists ${bug.digest}, and it was to go before it. Please report it.`)
    const unanswered = outcomes.find((one) => one.end === 'failed' && one.code === 'NotAnswered')
    if (unanswered?.end === 'failed') throw new Unreadable(unanswered.why, false, undefined)
  }
}

/**
 * Does what a plan says of one repository, in batches.
 * @throws {Halt} where nothing more is to be done in any repository
 * @throws {Unreadable} where this one cannot be read or changed
 * @throws {Gone} where it is not there
 */
export const cleanRepository = (repository: RepositoryRef, items: readonly PlanItem[], deps: Cleaning): Promise<void> =>
  new RepositoryCleaning(repository, items, deps).run()
