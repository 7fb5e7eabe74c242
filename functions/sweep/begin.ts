import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { SweepPolicy } from '../domain/sweep/policy.ts'
import { targetsOf } from '../domain/sweep/target.ts'
import type { Store } from '../planning/store.ts'
import { type Begun, type BegunSweep, KEYS, sweepId } from './contract.ts'
import { readJson } from './kept.ts'
import { untoldOf } from './untold.ts'

/** Hours after which a sweep that did not end no longer counts as one that runs. */
const LONGEST = 12
const HOUR = 3_600_000

export type BeginDeps = {
  readonly store: Store
  /** Registry of the stack, or of whoever runs the command. */
  readonly home: RegistryRef
  readonly sweep: Pick<SweepPolicy, 'accounts' | 'regions'>
  readonly now: () => Date
}

/** @param at the time that the sweep is for @param execution whoever begins it: the same when it is started again */
export type Beginning = { readonly at: Date; readonly execution: string }

const notBegun = (id: string, why: string): Begun => ({ begun: false, id, why, targets: [] })

const taken = (id: string, { execution, at }: BegunSweep): Begun =>
  notBegun(id, `the sweep of this hour, ${id}, was begun by ${execution} at ${at}`)

async function isRunning(id: string, { store, now }: BeginDeps): Promise<boolean> {
  const begun = await readJson<BegunSweep>(store, KEYS.begun(id))
  if (!begun || now().getTime() - Date.parse(begun.at) >= LONGEST * HOUR) return false
  return (await store.read(KEYS.ended(id))) === undefined
}

/** Ids of the hours before, of which there is a sweep that has not ended. */
async function runningBefore(at: Date, deps: BeginDeps): Promise<string | undefined> {
  const ids = Array.from({ length: LONGEST }, (_, hour) => sweepId(new Date(at.getTime() - (hour + 1) * HOUR)))
  const running = await Promise.all(ids.map(async (id) => ((await isRunning(id, deps)) ? [id] : [])))
  return running.flat()[0]
}

/**
 * Begins the sweep of an hour, of which there is one: whoever began it may begin it again, nobody else. None begins while one
 * of the twelve hours before still runs. What nothing was told of before is found out here, once, so that a sweep that is
 * redriven takes the same for untold.
 * @throws {Unreadable} where the store cannot be reached
 */
export async function beginSweep({ at, execution }: Beginning, deps: BeginDeps): Promise<Begun> {
  const { store, home, sweep, now } = deps
  const id = sweepId(at)
  const answerTo = (begun: BegunSweep): Begun =>
    begun.execution === execution ? { begun: true, id, targets: begun.targets } : taken(id, begun)
  const before = await readJson<BegunSweep>(store, KEYS.begun(id))
  if (before) return answerTo(before)
  const running = await runningBefore(at, deps)
  if (running !== undefined) return notBegun(id, `the sweep ${running} still runs`)
  const { targets } = targetsOf(home, sweep.accounts, sweep.regions)
  const untold = await untoldOf(store, targets)
  const begun: BegunSweep = { execution, at: now().toISOString(), targets, untold }
  if (await store.create(KEYS.begun(id), JSON.stringify(begun))) return { begun: true, id, targets }
  return answerTo((await readJson<BegunSweep>(store, KEYS.begun(id))) ?? begun)
}
