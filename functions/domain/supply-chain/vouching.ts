import { neededAnywhere, type PolicyEntry } from '../policy.ts'
import type { Signer } from './signer.ts'

/** By what signatures are verified, where something asks for them. Plain JSON: it is built into the functions. */
export type Vouching = {
  readonly signers: readonly Signer[]
  /** Undefined: the one of the package. */
  readonly trustedRoot?: object
}

/** The sections of `steward.yaml` that say so. */
export type VouchingSections = {
  readonly policy: readonly PolicyEntry[]
  readonly signers?: readonly Signer[]
  readonly trustedRoot?: object
}

const READ_FOR_IT = ['evidence', 'sboms']

/**
 * Undefined where no rule in force needs signatures or SBOMs: then nothing of it is built in, and no right is given.
 * @param isRead whether something beside the rules reads SBOMs
 */
export function vouchingIn(
  { policy, signers = [], trustedRoot }: VouchingSections,
  isRead = false,
): { readonly vouching?: Vouching } {
  const needed = neededAnywhere(policy)
  if (!isRead && !READ_FOR_IT.some((value) => needed.has(value))) return {}
  return { vouching: { signers, ...(trustedRoot && { trustedRoot }) } }
}
