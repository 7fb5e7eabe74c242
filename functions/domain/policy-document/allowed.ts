import type { RegistryRef } from '../facts/registry-facts.ts'
import { accounts, texts, type Values } from '../rule/parameter.ts'
import { PULL, PUSH, REPLICATE } from './actions.ts'
import type { Party } from './party.ts'
import type { Permits } from './trespass.ts'

/** Who may do what with images, for rules on policies. */
export const ALLOWED = {
  accounts: accounts({ about: 'Accounts that may pull.', default: [], example: '["987654321098"]' }),
  pushAccounts: accounts({
    about: 'Accounts that may pull and push.',
    default: [],
    example: '["111222333444"]',
  }),
  organisations: texts(/^o-[a-z0-9]{10,32}$/, 'an organisation id such as o-a1b2c3d4e5', {
    about: 'Organisations of which every account may pull.',
    default: [],
    example: '[o-a1b2c3d4e5]',
  }),
  networks: texts(/^vpce?-[0-9a-f]{8,17}$/, 'a VPC or an endpoint such as vpce-0a1b2c3d4e5f60718', {
    about: 'VPCs and endpoints from which everyone may pull.',
    default: [],
    example: '[vpce-0a1b2c3d4e5f60718]',
  }),
  services: texts(/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/, 'a service such as codebuild.amazonaws.com', {
    about: 'Services of AWS that may pull for whomever they work; those that are confined to an account go by that.',
    default: [],
    example: '[codebuild.amazonaws.com]',
  }),
} as const

export const REPLICATION_ACCOUNTS = {
  replicationAccounts: accounts({
    about: 'Accounts that may replicate into this registry.',
    default: [],
    example: '["123456789012"]',
  }),
} as const

type Allowed = Values<typeof ALLOWED> & Partial<Values<typeof REPLICATION_ACCOUNTS>>

type Right = { readonly actions: ReadonlySet<string>; readonly has: (party: Party) => boolean }

/** The account itself may do everything; what an action is not known for, or a pattern with a wildcard, nobody else may. */
export function permitsOf(allowed: Allowed, { account: own }: RegistryRef): Permits {
  const isAccountOf = (list: readonly string[]) => (party: Party) =>
    party.kind === 'account' && list.includes(party.account)
  const isPuller = (party: Party): boolean => {
    if (party.kind === 'organisation') return allowed.organisations.includes(party.id)
    if (party.kind === 'network') return allowed.networks.includes(party.id)
    if (party.kind === 'service') return allowed.services.includes(party.name)
    return isAccountOf([...allowed.accounts, ...allowed.pushAccounts])(party)
  }
  const rights: readonly Right[] = [
    { actions: PULL, has: isPuller },
    { actions: PUSH, has: isAccountOf(allowed.pushAccounts) },
    { actions: REPLICATE, has: isAccountOf(allowed.replicationAccounts ?? []) },
  ]
  const isOwn = isAccountOf([own])
  return (party, action) =>
    isOwn(party) || rights.some(({ actions, has }) => actions.has(action.toLowerCase()) && has(party))
}
