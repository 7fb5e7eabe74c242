import type { Stop } from '../domain/clean-up/outcome.ts'
import { Unreadable } from '../faults.ts'
import type { Store } from '../planning/store.ts'
import { Superseded } from './journal.ts'
import { LeaseTaken } from './lease.ts'

/** Nothing more is begun. What was begun has its outcome in the journal, or gets it from the next run. */
export class Halt extends Error {
  override readonly name = 'Halt'
  readonly by: Stop
  /** Of the run that is in the way, where that is known. */
  readonly plan: string | undefined
  constructor(by: Stop, why: string, plan?: string) {
    super(why)
    this.by = by
    this.plan = plan
  }
}

/** Why a run ends, where an error says so; undefined for a fault of ours. */
export function haltOf(error: unknown): Halt | undefined {
  if (error instanceof Halt) return error
  if (error instanceof LeaseTaken) return new Halt('lease-lost', error.message, error.plan)
  if (error instanceof Superseded) return new Halt('lease-lost', error.message)
  return undefined
}

/** A store without which nothing goes on, whereas a repository that cannot be read stops itself alone. */
export function halting(store: Store): Store {
  const or = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw error instanceof Unreadable ? new Halt('not-read', error.message) : error
    }
  }
  return {
    name: store.name,
    read: (key) => or(store.read(key)),
    create: (key, text) => or(store.create(key, text)),
    replace: (key, text, version) => or(store.replace(key, text, version)),
    remove: (key, version) => or(store.remove(key, version)),
    list: (prefix) => or(store.list(prefix)),
  }
}
