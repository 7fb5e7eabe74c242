import type { ApplyReport } from '../domain/clean-up/outcome.ts'
import type { Plan } from '../domain/clean-up/plan.ts'
import type { Entry } from './journal.ts'

const DONE = { deleted: 'deleted', archived: 'archived', 'already-gone': 'alreadyGone' } as const

/**
 * What became of a plan in all runs, by its journal: a run that was started again after a crash reports its own part alone.
 * What failed, what was kept and why it stopped are those of the last run.
 */
export function appliedInAll(plan: Plan, journal: readonly Entry[], last: ApplyReport): ApplyReport {
  const sizes = new Map(plan.items.map(({ repository, digest, sizeBytes }) => [`${repository}@${digest}`, sizeBytes]))
  const ends = new Map<string, keyof typeof DONE>()
  for (const { intent, outcomes = [] } of journal)
    for (const { digest, end } of outcomes)
      if (end in DONE) ends.set(`${intent.repository}@${digest}`, end as keyof typeof DONE)
  const sum = { deleted: 0, archived: 0, alreadyGone: 0, freedBytes: 0 }
  for (const [key, end] of ends) {
    sum[DONE[end]] += 1
    if (end === 'deleted') sum.freedBytes += sizes.get(key) ?? 0
  }
  return { ...last, ...sum, alreadyGone: Math.max(sum.alreadyGone, last.alreadyGone) }
}
