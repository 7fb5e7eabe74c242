import { createHash } from 'node:crypto'
import type { ApplyReport } from './outcome.ts'
import type { Plan } from './plan.ts'

/** What was told last, by what it came to. */
export type ToldPlan = {
  /** Of what goes. */
  readonly items: string
  /** Of what stands in the way. */
  readonly standing: string
  /** ISO 8601. */
  readonly at: string
}

/** A proposal that changes from day to day is told once a week. Milliseconds. */
const WEEK = 7 * 86_400_000

/** A run is not started to the millisecond. */
const SLACK = 3_600_000

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)

/** What a run comes to, to be compared with the next one. */
export const toldPlan = ({ items, blocked }: Plan, applied: ApplyReport | undefined, now: Date): ToldPlan => ({
  items: hashOf(items.map(({ repository, digest, action }) => [repository, digest, action])),
  standing: hashOf([
    blocked.map(({ repository, why }) => [repository, why]).toSorted(),
    applied?.stopped?.by,
    applied?.stopped?.why,
  ]),
  at: now.toISOString(),
})

/**
 * Whether a run has something new to tell. What was removed or failed is always told; what stands in the way when it
 * changes; a proposal of a dry run that is another than the last, and what still stands in the way, once a week.
 */
export function isWorthTelling(
  plan: Plan,
  applied: ApplyReport | undefined,
  before: ToldPlan | undefined,
  now: Date,
): boolean {
  if (applied && applied.deleted + applied.archived + applied.failed.length > 0) return true
  const isNothing = plan.blocked.length === 0 && !applied?.stopped && (applied !== undefined || plan.items.length === 0)
  if (isNothing) return false
  const current = toldPlan(plan, applied, now)
  if (!before || before.standing !== current.standing) return true
  const isOver = now.getTime() - Date.parse(before.at) >= WEEK - SLACK
  const isSame = before.items === current.items && plan.blocked.length === 0 && !applied?.stopped
  return isOver && !isSame
}
