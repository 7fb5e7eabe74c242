import type { RegistryRef } from '../facts/registry-facts.ts'

/** The registries that a sweep goes through, home first, each once, and those that were named more than once. */
export type Targets = { readonly targets: readonly RegistryRef[]; readonly repeated: readonly RegistryRef[] }

const keyOf = ({ account, region }: RegistryRef): string => `${account} ${region}`

/**
 * Every account in every region.
 * @param home registry of the stack, or of whoever runs the command
 */
export function targetsOf(home: RegistryRef, accounts: readonly string[], regions: readonly string[]): Targets {
  const all = [home.account, ...accounts].flatMap((account) =>
    [home.region, ...regions].map((region) => ({ account, region })),
  )
  const once = new Map(all.map((target) => [keyOf(target), target]))
  const repeated = new Map(
    all.filter((target) => once.get(keyOf(target)) !== target).map((target) => [keyOf(target), target]),
  )
  return { targets: [...once.values()], repeated: [...repeated.values()] }
}
