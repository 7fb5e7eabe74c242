import type { ApplyReport } from '../domain/clean-up/outcome.ts'
import type { Plan } from '../domain/clean-up/plan.ts'
import { Gone, Unreadable } from '../faults.ts'
import type { Store } from '../planning/store.ts'
import { byRepository } from './batch.ts'
import { cleanRepository } from './clean-repository.ts'
import { type ApplyDeps, goingOn } from './going.ts'
import { Halt, halting, haltOf } from './halt.ts'
import { type Journal, readJournal, type Settled } from './journal.ts'
import { type Lease, takeLease } from './lease.ts'
import { checkJournal, checkPlan } from './refusal.ts'
import { createRemoval } from './removal.ts'
import { settleAll } from './settle-all.ts'
import { createTally, type Tally } from './tally.ts'

/** Ends after which an image is never touched by the plan again, also where it is back. */
const DONE = new Set<Settled['end']>(['deleted', 'archived', 'already-gone'])

const doneBefore = ({ entries }: Journal): ReadonlySet<string> =>
  new Set(
    entries.flatMap(({ intent, outcomes = [] }) =>
      outcomes.flatMap(({ digest, end }) => (DONE.has(end) ? [`${intent.repository}@${digest}`] : [])),
    ),
  )

async function applyHolding(plan: Plan, deps: ApplyDeps, store: Store, lease: Lease, tally: Tally): Promise<void> {
  const going = goingOn(plan, deps, store, lease)
  await going.mayGoOn()
  await settleAll({ ...deps, store }, (intent, outcome) => {
    if (intent.plan === plan.id && DONE.has(outcome.end)) tally.add(intent.repository, outcome)
  })
  const journal = await readJournal(store, plan.id)
  checkJournal(plan, journal)
  const done = doneBefore(journal)
  const items = plan.items.filter(({ repository, digest }) => !done.has(`${repository}@${digest}`))
  tally.expect(items)
  const removal = createRemoval({ ...deps, plan, journal, store })
  for (const [name, theirs] of byRepository(items)) {
    const repository = { ...deps.registry, repository: name }
    try {
      await cleanRepository(repository, theirs, { ...deps, going, removal, tally })
    } catch (error) {
      if (error instanceof Gone) tally.rest(name, { end: 'already-gone' })
      else if (error instanceof Unreadable) tally.rest(name, { end: 'failed', code: 'NotRead', why: error.message })
      else throw error
    }
  }
}

/**
 * Does what a plan says and nothing else: one run at a time, each image only if it is as the plan saw it and nothing needs
 * it, the intent in the journal before and the outcome after. May be called again after it ended in whatever way.
 * @throws {PlanError} where the plan is not to be applied here and now
 */
export async function applyPlan(plan: Plan, deps: ApplyDeps): Promise<ApplyReport> {
  checkPlan(plan, deps.registry, deps.now())
  const store = halting(deps.store)
  const tally = createTally(plan, deps.onProgress)
  let lease: Lease | undefined
  try {
    lease = await takeLease({ ...deps, store, by: deps.who, plan: plan.id })
    await applyHolding(plan, deps, store, lease, tally)
    return tally.report()
  } catch (error) {
    const halt = haltOf(error) ?? (error instanceof Unreadable ? new Halt('not-read', error.message) : undefined)
    if (!halt) throw error
    return tally.report({ by: halt.by, why: halt.message, ...(halt.plan !== undefined && { plan: halt.plan }) })
  } finally {
    // Where it cannot be given back, its time runs out.
    await lease?.release().catch(() => {})
  }
}
