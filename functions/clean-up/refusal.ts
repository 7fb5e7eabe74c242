import type { Plan } from '../domain/clean-up/plan.ts'
import { PlanError } from '../domain/clean-up/plan-error.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { Journal } from './journal.ts'

/** How far the clock that a plan was made by may be ahead of this one. Milliseconds. */
const SKEW = 5 * 60_000
const AGAIN = 'Make a new one: ecr-steward clean-up plan'

/**
 * Checks that a plan may be applied here and now.
 * @throws {PlanError} where it is of another registry, expired, or made in the future
 */
export function checkPlan(plan: Plan, registry: RegistryRef, now: Date): void {
  const { account, region, createdAt, expiresAt } = plan
  if (account !== registry.account || region !== registry.region)
    throw new PlanError(
      `Plan ${plan.id} is of account ${account} in ${region}, and this is ${registry.account} in ${registry.region}.`,
      'Apply it with credentials and a region of its own.',
    )
  if (now.getTime() >= Date.parse(expiresAt))
    throw new PlanError(`Plan ${plan.id} expired at ${expiresAt}: what it was made from may have changed.`, AGAIN)
  if (Date.parse(createdAt) > now.getTime() + SKEW)
    throw new PlanError(`Plan ${plan.id} was made at ${createdAt}, which is in the future.`, 'Set the clock right.')
}

/** @throws {PlanError} where what was begun under the name of the plan was another one, or was undone */
export function checkJournal({ id, hash }: Plan, { entries, isUndone }: Journal): void {
  if (isUndone) throw new PlanError(`Plan ${id} was undone: somebody wants what it removed.`, AGAIN)
  if (entries.every(({ intent }) => intent.hash === hash)) return
  throw new PlanError(`Another plan of the name ${id} was begun already.`, AGAIN)
}
