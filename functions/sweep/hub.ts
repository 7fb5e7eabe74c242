import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { registryKey } from '../domain/registry.ts'
import type { HubContext } from '../domain/sweep/hub-memory.ts'
import type { SweepRecord } from '../domain/sweep/record.ts'
import type { SweepReport } from '../domain/sweep/report.ts'
import { Unreadable } from '../faults.ts'
import { kept } from '../kept.ts'
import { logOutcome } from '../outcome.ts'
import type { Store } from '../planning/store.ts'
import type { ListedTarget } from './contract.ts'
import type { OpenRegistry, SecurityHub } from './ports.ts'
import { archiveGone, type ImportDeps, type ImportOutcome, importRecord } from './security-hub.ts'

type HubWorld = {
  readonly home: RegistryRef
  readonly store: Store
  readonly open: OpenRegistry
  readonly now: () => Date
}

/** Sends records to Security Hub, and says what it does not take. */
export type Hub = {
  import(record: SweepRecord, id: string): Promise<void>
  /** Archives what is of none of the repositories, where all of them are known. */
  archiveGone(target: ListedTarget, repositories: ReadonlySet<string>, id: string): Promise<void>
}

async function scanningOf({ open }: HubWorld, registry: RegistryRef, id: string): Promise<HubContext['scanning']> {
  try {
    return (await open(registry, id).readers.registry.scanning(registry)).scanType as HubContext['scanning']
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

/** What is left comes with the next sweep: a sweep does not fail for it. */
function tell({ failed, left, problem }: ImportOutcome, id: string): void {
  if (problem === undefined && failed.length === 0 && left === 0) return
  const [first] = failed
  const reason = problem ?? (first ? `${first.code}: ${first.message}` : 'more than one sweep may send')
  logOutcome({ outcome: 'hub-left', reason, event: id, failed: failed.length, left })
}

/** A registry in a sweep. */
type Asked = { readonly id: string; readonly registry: RegistryRef }

/** Registries of which it is kept how they scan. */
const MOST = 100

/** @param hub of the account and region of whoever sweeps */
export function createHub(hub: SecurityHub, world: HubWorld): Hub {
  const scanning = kept({ keyOf: ({ id, registry }: Asked) => `${id} ${registryKey(registry)}`, most: MOST }, (asked) =>
    scanningOf(world, asked.registry, asked.id),
  )
  const depsOf = (id: string): ImportDeps => ({
    ...{ hub, home: world.home, store: world.store, now: world.now },
    scanning: (registry) => scanning({ id, registry }),
  })
  return {
    async import(record, id) {
      if (record.kind !== 'not-judged') tell(await importRecord(record, depsOf(id)), id)
    },
    async archiveGone({ account, region, problem }, repositories, id) {
      if (problem === null) tell(await archiveGone({ account, region }, repositories, depsOf(id)), id)
    },
  }
}

/**
 * What Security Hub is sent when a report is made: what is said of registries themselves, and that what was sent of
 * repositories that are gone is over. What is said of repositories was sent when they were judged.
 */
export function withReport(hub: Hub, id: string) {
  const names = new Map<string, Set<string>>()
  return {
    async onRecord(record: SweepRecord): Promise<void> {
      if (record.kind === 'registry') return hub.import(record, id)
      if (record.repository === null || (record.kind === 'not-judged' && record.isGone)) return
      const known = names.get(registryKey(record)) ?? new Set()
      names.set(registryKey(record), known.add(record.repository))
    },
    async end({ targets }: SweepReport): Promise<void> {
      for (const target of targets) await hub.archiveGone(target, names.get(registryKey(target)) ?? new Set(), id)
    },
  }
}
