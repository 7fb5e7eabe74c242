import type { AlertSender } from '../alert-sender.ts'
import type { ApplyReport } from '../domain/clean-up/outcome.ts'
import type { Plan } from '../domain/clean-up/plan.ts'
import type { CleanUpPolicy } from '../domain/clean-up/policy.ts'
import { openPlan, planId, planText } from '../domain/clean-up/seal.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { createProtection } from '../domain/in-use/protection.ts'
import { Later } from '../faults.ts'
import type { Metrics } from '../metrics.ts'
import type { Outcome } from '../outcome.ts'
import type { Holdings, InventoryReader } from '../planning/ports.ts'
import type { Store } from '../planning/store.ts'
import { appliedInAll } from './applied.ts'
import { applyPlan } from './apply.ts'
import { guardRegistry } from './guard.ts'
import { readJournal } from './journal.ts'
import { planCleanUp } from './plan.ts'
import type { Hands } from './ports.ts'
import { tellEndangered, tellPlan } from './tell.ts'

/** Repositories that are read side by side; each is held whole. */
const AT_ONCE = 4

export type RunDeps = {
  readonly policy: CleanUpPolicy
  readonly registry: RegistryRef
  readonly store: Store
  readonly holdings: Holdings
  /** Undefined in a dry run: nothing is there that could change anything. */
  readonly hands: Hands | undefined
  readonly readInventory: InventoryReader
  /** Text of the registry policy: it may let other accounts pull from every repository. @throws {Unreadable} */
  readonly registryPolicy: () => Promise<string | undefined>
  readonly alerts: AlertSender
  /** Role or function, for the journal. */
  readonly who: string
  /** Of this invocation alone. */
  readonly run: string
  readonly now: () => Date
  /** No batch is begun from then on. */
  readonly until: Date
}

export type Ran = { readonly outcome: Outcome; readonly metrics?: Metrics }

/** The same for a start that is repeated, so that there is one plan and one run of it. */
const idOf = (scheduledAt: Date): string => planId(scheduledAt, 'scheduled')

const markOf = (id: string): string => `runs/${id}.json`

/** The plan of this run: made once, and written down before anything is done by it. */
async function planOnce(id: string, { store, policy, ...deps }: RunDeps): Promise<Plan> {
  const key = `plans/${id}.json`
  const stored = await store.read(key)
  if (stored) return openPlan(stored.text)
  const plan = await planCleanUp({ ...deps, policy, id, now: deps.now(), atOnce: AT_ONCE })
  if (await store.create(key, planText(plan))) return plan
  return openPlan((await store.read(key))?.text ?? '')
}

/** Lets go what ECR is about to expire by itself be known before anything else: it cannot wait. */
async function guard(id: string, deps: RunDeps): Promise<string> {
  const protection = createProtection(await deps.readInventory(), deps.policy.inUse.pins)
  const report = await guardRegistry({ ...deps, protection, now: deps.now(), atOnce: AT_ONCE })
  const isComplete = protection.blocks.length === 0
  const told = await tellEndangered(report, id, isComplete, deps)
  const { endangered, unread } = report
  return [
    `${endangered.length} ${endangered.length === 1 ? 'repository' : 'repositories'} with images in use about to expire, ${told} told`,
    ...(unread.length > 0 ? [`${unread.length} not read`] : []),
  ].join(', ')
}

const metricsOf = (plan: Plan, applied: ApplyReport | undefined, duration: number): Metrics => ({
  CleanUpRemovableBytes: { value: plan.totals.delete.bytes, unit: 'Bytes' },
  CleanUpFreedBytes: { value: applied?.freedBytes ?? 0, unit: 'Bytes' },
  CleanUpDeleted: { value: applied?.deleted ?? 0, unit: 'Count' },
  CleanUpKept: { value: plan.protected.length + (applied?.kept.length ?? 0), unit: 'Count' },
  CleanUpFailed: { value: applied?.failed.length ?? 0, unit: 'Count' },
  CleanUpDuration: { value: duration, unit: 'Milliseconds' },
})

async function carriedOut(plan: Plan, deps: RunDeps): Promise<ApplyReport | undefined> {
  const { hands, policy, store } = deps
  if (!hands) return undefined
  const last = await applyPlan(plan, { ...deps, hands, inUse: policy.inUse })
  const { entries } = await readJournal(store, plan.id)
  return appliedInAll(plan, entries, last)
}

const factsOf = (plan: Plan, applied: ApplyReport | undefined) => ({
  ...{ planned: plan.items.length, kept: plan.protected.length, blocked: plan.blocked.length },
  ...(applied && { deleted: applied.deleted, archived: applied.archived, failed: applied.failed.length }),
})

/**
 * The end of a run that had to leave the registry to another one.
 * @throws {Later} where the other is not known to be of another plan: it may be this run, cut off, and then nobody ends it
 */
function busy(stopped: NonNullable<ApplyReport['stopped']>, id: string, facts: ReturnType<typeof factsOf>): Ran {
  const { why: reason, plan } = stopped
  if (plan === undefined || plan === id) throw new Later(`Plan ${id} is not carried out to its end. ${reason}`)
  return { outcome: { outcome: 'busy', reason, event: id, leaseOf: plan, ...facts } }
}

/** Reads what is in use once for planning; what is removed is judged by a newer reading. */
function shared(deps: RunDeps): RunDeps {
  let reading: ReturnType<InventoryReader> | undefined
  const readInventory: InventoryReader = () => {
    reading ??= deps.readInventory()
    return reading
  }
  return { ...deps, readInventory }
}

/**
 * One run on schedule: tells what ECR is about to expire though it is in use, makes the plan, carries it out where there
 * are hands, and tells what came of it. May be started again with the same time, during it and after it: there is one plan,
 * and nothing is done twice.
 * @param scheduledAt the time that the run is for
 * @throws {Unreadable}, {Later} and {PlanError}: the run is to be started again
 */
export async function runCleanUp(scheduledAt: Date, deps: RunDeps): Promise<Ran> {
  const begun = deps.now().getTime()
  const id = idOf(scheduledAt)
  if (await deps.store.read(markOf(id)))
    return { outcome: { outcome: 'known', reason: 'this run came to its end before', event: id } }
  const planning = shared(deps)
  const guarded = await guard(id, planning)
  const plan = await planOnce(id, planning)
  const applied = await carriedOut(plan, deps)
  const facts = factsOf(plan, applied)
  if (applied?.stopped?.by === 'lease-lost') return busy(applied.stopped, id, facts)
  const isTold = await tellPlan(plan, applied, deps)
  await deps.store.create(markOf(id), JSON.stringify({ at: deps.now().toISOString(), ...facts }))
  const outcome = isTold ? 'alerted' : 'quiet'
  return {
    outcome: { outcome, reason: `${applied ? 'plan applied' : 'plan made'}; ${guarded}`, event: id, ...facts },
    metrics: metricsOf(plan, applied, deps.now().getTime() - begun),
  }
}
