import pLimit from 'p-limit'
import * as v from 'valibot'
import type { AlertPolicy } from '../domain/alert-policy.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { registryKey } from '../domain/registry.ts'
import { createFirstLook, type FirstLook } from '../domain/sweep/first-look.ts'
import type { SweepRecord } from '../domain/sweep/record.ts'
import type { SweepReport } from '../domain/sweep/report.ts'
import type { Store } from '../planning/store.ts'
import { type BegunSweep, KEYS, type Untold } from './contract.ts'
import { put } from './kept.ts'

/** Registries that are asked about side by side. */
const AT_ONCE = 25

const ToldSchema = v.pipe(v.string(), v.parseJson(), v.object({ left: v.array(v.string()) }))

/** What cannot be understood was told: what is new is told by itself then, and nothing is kept back. */
function leftIn(text: string): readonly string[] {
  const read = v.safeParse(ToldSchema, text)
  return read.success ? read.output.left : []
}

/**
 * Those of the registries, whole or in part, that no digest has told of.
 * @throws {Unreadable} where the store cannot be read: nothing is taken for untold because of that
 */
export async function untoldOf(store: Store, registries: readonly RegistryRef[]): Promise<readonly Untold[]> {
  const limit = pLimit(AT_ONCE)
  const read = async ({ account, region }: RegistryRef): Promise<readonly Untold[]> => {
    const told = await store.read(KEYS.told({ account, region }))
    if (!told) return [{ account, region }]
    const left = leftIn(told.text)
    return left.length === 0 ? [] : [{ account, region, left }]
  }
  return (await Promise.all(registries.map((registry) => limit(() => read(registry))))).flat()
}

const untoldIn = (begun: BegunSweep | undefined, { account, region }: RegistryRef): Untold | undefined =>
  begun?.untold?.find((one) => one.account === account && one.region === region)

/** Whether it is for the digest of this sweep to tell of a repository. */
export function isUntold(
  begun: BegunSweep | undefined,
  subject: RegistryRef & { readonly repository: string },
): boolean {
  const untold = untoldIn(begun, subject)
  return untold !== undefined && (untold.left === undefined || untold.left.includes(subject.repository))
}

/** What a sweep tells of what nothing was told of before, and remembers of it. */
export type Telling = {
  /** To be given every record. */
  add(record: SweepRecord): void
  /** Undefined where there is nothing that was not told of. */
  look(): FirstLook | undefined
  /**
   * To be called once the digest has told: what could not be judged is left for the next digest. A registry that was not
   * listed whole stays untold.
   */
  told(report: SweepReport): Promise<void>
}

export function tellingOf(store: Store, begun: BegunSweep | undefined, alerts: readonly AlertPolicy[]): Telling {
  const look = createFirstLook(alerts)
  const left = new Map<string, string[]>()
  return {
    add(record) {
      if (record.kind === 'registry' || record.repository === null) return
      if (!isUntold(begun, { ...record, repository: record.repository })) return
      if (record.kind === 'repository') look.add(record)
      else if (!record.isGone)
        left.set(registryKey(record), [...(left.get(registryKey(record)) ?? []), record.repository])
    },
    look: look.end,
    async told({ id, targets }) {
      for (const target of targets) {
        if (target.problem !== null || !untoldIn(begun, target)) continue
        const names = left.get(registryKey(target)) ?? []
        await put(store, KEYS.told(target), JSON.stringify({ id, left: names }))
      }
    },
  }
}
