import type { RegistryRef } from './domain/facts/registry-facts.ts'
import type { SweepPolicy } from './domain/sweep/policy.ts'

/** Accounts and regions beside those of the stack, as `sweep` of steward.yaml names them: registries in them are read, too. */
export type Elsewhere = Pick<SweepPolicy, 'accounts' | 'regions'>

/** As it is baked into a bundle: nothing where there is nothing else than the registry of the stack. */
export const elsewhereIn = (sweep: Elsewhere | undefined): { readonly sweep?: Elsewhere } =>
  sweep && sweep.accounts.length + sweep.regions.length > 0
    ? { sweep: { accounts: sweep.accounts, regions: sweep.regions } }
    : {}

/** Whether a registry is read: that of the stack, and every region of every account that the sweep goes through. */
export const isRead = ({ account, region }: RegistryRef, home: RegistryRef, sweep: Elsewhere | undefined): boolean =>
  (account === home.account || sweep?.accounts.includes(account) === true) &&
  (region === home.region || sweep?.regions.includes(region) === true)
