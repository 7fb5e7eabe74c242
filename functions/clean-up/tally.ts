import type { ApplyReport, ItemOutcome } from '../domain/clean-up/outcome.ts'
import type { Plan, PlanItem } from '../domain/clean-up/plan.ts'
import type { Settled } from './journal.ts'

type Kept = ApplyReport['kept'][number]

/** Counts what an apply does. */
export type Tally = {
  /** Items that are to be done. */
  expect(items: readonly PlanItem[]): void
  add(repository: string, settled: Settled): void
  /** All of a repository that are still to be done. */
  rest(repository: string, outcome: ItemOutcome): void
  report(stopped?: ApplyReport['stopped']): ApplyReport
}

const keyOf = (repository: string, digest: string): string => `${repository}@${digest}`

/** @param onProgress told of every item that is settled */
export function createTally(plan: Plan, onProgress: (repository: string, settled: number) => void = () => {}): Tally {
  const sizes = new Map(plan.items.map((item) => [keyOf(item.repository, item.digest), item.sizeBytes]))
  const counts = { deleted: 0, archived: 0, 'already-gone': 0 }
  const [kept, failed]: [Kept[], Kept[]] = [[], []]
  let left = new Map(plan.items.map((item) => [keyOf(item.repository, item.digest), item]))
  let freedBytes = 0
  let settledItems = 0

  function add(repository: string, { digest, ...outcome }: Settled): void {
    const key = keyOf(repository, digest)
    left.delete(key)
    settledItems += 1
    if (outcome.end === 'deleted') freedBytes += sizes.get(key) ?? 0
    if (outcome.end === 'failed') failed.push({ repository, digest, why: `${outcome.code}: ${outcome.why}` })
    else if (outcome.end === 'kept' || outcome.end === 'restored') kept.push({ repository, digest, why: outcome.why })
    else counts[outcome.end] += 1
    onProgress(repository, settledItems)
  }

  return {
    add,
    expect(items) {
      left = new Map(items.map((item) => [keyOf(item.repository, item.digest), item]))
    },
    rest(repository, outcome) {
      for (const item of left.values())
        if (item.repository === repository) add(repository, { digest: item.digest, ...outcome })
    },
    report: (stopped) => ({
      ...{ plan: plan.id, deleted: counts.deleted, archived: counts.archived, alreadyGone: counts['already-gone'] },
      ...{ kept, failed, freedBytes, left: left.size },
      ...(stopped && { stopped }),
    }),
  }
}
