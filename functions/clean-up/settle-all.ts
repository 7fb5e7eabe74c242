import type { ChangeDeps } from './going.ts'
import { type Intent, type Settled, unsettled, writeOutcome } from './journal.ts'
import { settle } from './settle.ts'

/**
 * Finds out what became of what earlier runs began and did not end, of whichever plan.
 * @param onSettled told of each image
 * @throws {Unreadable} where one cannot be settled: nothing new is to be begun then
 */
export async function settleAll(
  deps: ChangeDeps,
  onSettled: (intent: Intent, outcome: Settled) => void,
): Promise<void> {
  const { store, registry, run, who: by, now } = deps
  for (const intent of await unsettled(store, now())) {
    const outcomes = await settle(intent, {}, { ...deps, repository: { ...registry, repository: intent.repository } })
    await writeOutcome(store, intent, { run, by, at: now().toISOString(), outcomes })
    for (const outcome of outcomes) onSettled(intent, outcome)
  }
}
