import type { RegistryRef } from './domain/facts/registry-facts.ts'
import type { SweepPolicy } from './domain/sweep/policy.ts'

/** Accounts and regions beside those of the stack, as `sweep` of steward.yaml names them: registries in them are read, too. */
export type Elsewhere = Pick<SweepPolicy, 'accounts' | 'regions'>

/** As it is baked into a bundle: nothing where there is nothing else than the registry of the stack. */
export const elsewhereIn = (sweep: Elsewhere | undefined): { readonly sweep?: Elsewhere } =>
  sweep && sweep.accounts.length + sweep.regions.length > 0
    ? { sweep: { accounts: sweep.accounts, regions: sweep.regions } }
    : {}

/** Accounts whose owners agreed that rules in `enforce` put right what fails there, as `members` of steward.yaml names them. */
export type Agreed = { readonly enforce: readonly string[] }

/** As it is baked into a bundle: nothing where nobody agreed. */
export const agreedIn = (members: Agreed | undefined): { readonly members?: Agreed } =>
  members && members.enforce.length > 0 ? { members: { enforce: members.enforce } } : {}

/** Whether a registry that is read is written to as well: those of the own account, and of those that agreed. */
export const isWritten = ({ account }: RegistryRef, home: RegistryRef, members: Agreed | undefined): boolean =>
  account === home.account || members?.enforce.includes(account) === true

/** Whether a registry is read: that of the stack, and every region of every account that the sweep goes through. */
export const isRead = ({ account, region }: RegistryRef, home: RegistryRef, sweep: Elsewhere | undefined): boolean =>
  (account === home.account || sweep?.accounts.includes(account) === true) &&
  (region === home.region || sweep?.regions.includes(region) === true)
