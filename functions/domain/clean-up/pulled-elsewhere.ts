import { pullersOf } from '../in-use/pullers.ts'
import { listed } from '../listed.ts'
import type { InUsePolicy } from './policy.ts'

/** Among the accounts whose use is not asked for: whoever else may pull, such as an organisation. */
const ANYBODY = '*'

/**
 * Why nobody can tell whether images are in use: the policy of their repository or of the registry lets others pull whose use
 * is not read.
 * @param policyText of a repository policy, or of a registry policy, which may let pull from any repository
 * @param account whose registry it is
 * @returns a sentence with what to do; undefined where all who may pull are read, or are promised not to run anything
 */
export function pulledElsewhere(
  policyText: string,
  account: string,
  { accounts, ignoreAccounts }: Pick<InUsePolicy, 'accounts' | 'ignoreAccounts'>,
  whose: 'its repository policy' | 'the registry policy' = 'its repository policy',
): string | undefined {
  if (ignoreAccounts.includes(ANYBODY)) return undefined
  const pullers = pullersOf(policyText, account)
  if (pullers.anyone)
    return (
      `${whose} lets others pull of whom it is not known which accounts they are. Name all that run these images in ` +
      `steward.yaml under clean-up.in-use: accounts, and promise that nobody else does: ignore-accounts: ["${ANYBODY}"]`
    )
  const known = new Set([...accounts, ...ignoreAccounts])
  const unread = pullers.accounts.filter((one) => !known.has(one))
  if (unread.length === 0) return undefined
  return (
    `${whose} lets ${listed(unread)} pull, where nobody looks what runs. Name ${unread.length === 1 ? 'it' : 'them'} in ` +
    'steward.yaml under clean-up.in-use: as accounts, to be read, or as ignore-accounts, where nothing runs these images'
  )
}
