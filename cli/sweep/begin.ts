import { randomUUID } from 'node:crypto'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { type BegunSweep, KEYS, sweepId } from '../../functions/sweep/contract.ts'
import { CommandError } from '../command-error.ts'
import { readBegun, unendedSweep } from './find-sweep.ts'
import type { SweepStore } from './stores.ts'

/** A sweep that is under way. */
export type Begun = { readonly id: string; readonly targets: readonly RegistryRef[]; readonly at: string }

/** With minutes and seconds, so that it is never that of the stack, of which an hour has one. */
const idOf = (now: Date): string => `${sweepId(now)}-${now.toISOString().slice(14, 19).replace(':', '')}`

/**
 * Begins a sweep.
 * @throws {CommandError} where another one began in the same second
 * @throws {Unreadable}
 */
export async function beginSweep(store: SweepStore, targets: readonly RegistryRef[], now: Date): Promise<Begun> {
  const [id, at] = [idOf(now), now.toISOString()]
  const begun: BegunSweep = { execution: `ecr-steward sweep ${randomUUID()}`, at, targets }
  if (await store.store.create(KEYS.begun(id), JSON.stringify(begun))) return { id, targets, at }
  throw new CommandError('unknown', `Another sweep, ${id}, began in the same second.`, 'Start it again.')
}

/**
 * The newest sweep that did not end.
 * @throws {CommandError} where there is none
 * @throws {Unreadable}
 */
export async function sweepToResume(store: SweepStore): Promise<Begun> {
  const unended = await unendedSweep(store)
  const begun = unended && (await readBegun(store, unended.id))
  if (begun) return { id: unended.id, targets: begun.targets, at: begun.at }
  throw new CommandError(
    'usage',
    `There is no sweep to go on with in ${store.store.name}.`,
    'ecr-steward sweep begins one.',
  )
}
