import type { Plan } from '../domain/clean-up/plan.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { Holdings } from '../planning/ports.ts'
import type { Store } from '../planning/store.ts'
import { type FreshProtection, freshProtection, type InUseDeps } from './fresh.ts'
import { Halt } from './halt.ts'
import type { Lease } from './lease.ts'
import type { Hands } from './ports.ts'
import { readStopSwitch } from './stop-switch.ts'

/** What it takes to change a registry. */
export type ChangeDeps = {
  readonly registry: RegistryRef
  readonly store: Store
  readonly holdings: Pick<Holdings, 'images' | 'describe' | 'children' | 'repositoryPolicy'>
  readonly hands: Hands
  /** Role or user, for the journal. */
  readonly who: string
  /** Of this run alone, whatever process it is in. */
  readonly run: string
  readonly now: () => Date
}

export type ApplyDeps = ChangeDeps &
  InUseDeps & {
    /** No batch is begun from then on. */
    readonly until?: Date | undefined
    /** Whether somebody wants it to end: no batch is begun then. */
    readonly isInterrupted?: () => boolean
    /** Told of every image as it is settled: how many of the plan are, and in which repository. */
    readonly onProgress?: (repository: string, settled: number) => void
  }

/** What is the run's affair, not an image's. */
export type Going = {
  /** Looks whether another batch may begin, and makes the lease last. @throws {Halt} */
  mayGoOn(): Promise<void>
  /** @throws {Halt} */
  protection(): Promise<FreshProtection>
  /** @throws {Halt} where the lease could end before a call that is begun now */
  checkLease(): void
}

export function goingOn(plan: Plan, deps: ApplyDeps, store: Store, lease: Lease): Going {
  const { now, until, isInterrupted } = deps
  return {
    protection: freshProtection(deps),
    checkLease() {
      if (!lease.isGood()) throw new Halt('lease-lost', 'The calls of a batch took longer than the lease lasts.')
    },
    async mayGoOn() {
      if (isInterrupted?.()) throw new Halt('interrupted', 'It was interrupted.')
      if (until && now() >= until) throw new Halt('time', 'The time that it may take is over.')
      if (now().getTime() >= Date.parse(plan.expiresAt))
        throw new Halt('time', `The plan expired at ${plan.expiresAt}.`)
      await lease.renew()
      const stop = await readStopSwitch(store)
      if (stop) throw new Halt('stop-switch', `${stop.by} stopped it at ${stop.at}: ${stop.reason}`)
    },
  }
}
