import type { ApplyReport } from '../domain/clean-up/outcome.ts'
import type { Plan } from '../domain/clean-up/plan.ts'
import { isWorthTelling, toldPlan } from '../domain/clean-up/telling.ts'
import { composeCleanUp } from '../domain/clean-up-alert.ts'
import type { Telling } from '../domain/compose.ts'
import { composeExpiring } from '../domain/expiring-alert.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { Subject } from '../domain/registry.ts'
import type { Endangered, GuardReport } from './guard.ts'
import type { RunDeps } from './run.ts'
import { readTold, remember } from './told.ts'

type TellDeps = Pick<RunDeps, 'policy' | 'registry' | 'store' | 'alerts' | 'now'>

function telling(subject: Subject, event: string, notices: readonly string[], { policy, now }: TellDeps): Telling {
  return { subject, slack: policy.slack, facts: [], notices, events: [event], now: now() }
}

const registrySubject = ({ account, region }: RegistryRef): Subject => ({ account, region, tags: [] })

/** Tells what became of a plan, where there is something new. @returns whether there was */
export async function tellPlan(plan: Plan, applied: ApplyReport | undefined, deps: TellDeps): Promise<boolean> {
  const { store, alerts, registry, now } = deps
  const { plan: before } = await readTold(store)
  if (!isWorthTelling(plan, applied, before, now())) return false
  const about = telling(registrySubject(registry), plan.id, [], deps)
  await alerts.publish(composeCleanUp(about, { plan, applied, store: store.name }))
  await remember(store, { plan: toldPlan(plan, applied, now()) })
  return true
}

const keysOf = ({ repository, images }: Endangered): readonly string[] =>
  images.map(({ digest, rule }) => `${repository.repository}@${digest} ${rule}`)

const UNSURE = 'What is in use is not known completely: more images may be.'

/**
 * Tells which images in use are about to expire: a repository as a whole, once for each that comes to it.
 * @returns the repositories that were told of
 */
export async function tellEndangered(
  { endangered, unread }: GuardReport,
  event: string,
  isComplete: boolean,
  deps: TellDeps,
): Promise<number> {
  const known = new Set((await readTold(deps.store)).expiring)
  const fresh = endangered.filter((one) => keysOf(one).some((key) => !known.has(key)))
  for (const { repository, images, keeping } of fresh) {
    const about = telling({ ...repository, tags: [] }, event, isComplete ? [] : [UNSURE], deps)
    await deps.alerts.publish(composeExpiring(about, repository, images, keeping))
  }
  // What could not be looked at is not over.
  const kept = [...known].filter((key) =>
    unread.some(({ repository }) => repository === null || key.startsWith(`${repository}@`)),
  )
  const expiring = [...new Set([...endangered.flatMap(keysOf), ...kept])].toSorted()
  if (expiring.join() !== [...known].toSorted().join()) await remember(deps.store, { expiring })
  return fresh.length
}
