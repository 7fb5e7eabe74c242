import type { Check, Signature } from '../../domain/supply-chain/attached.ts'
import type { Signer } from '../../domain/supply-chain/signer.ts'
import { Unreadable } from '../../faults.ts'
import type { SigningStatus } from './ports.ts'

export type ByProfile = Extract<Signer, { readonly by: 'signing-profile' }>

/** A version of a profile is the profile. @see https://docs.aws.amazon.com/signer/latest/developerguide/signing-profiles.html */
const isOf = (profile: string, signer: ByProfile): boolean =>
  profile === signer.profile || profile.startsWith(`${signer.profile}/`)

function checkOf({ profile, status, why }: SigningStatus, signers: readonly ByProfile[]): Check {
  const names = signers.filter((signer) => isOf(profile, signer)).map(({ name }) => name)
  if (status === 'FAILED')
    return { state: 'refused', why: `ECR could not sign it with ${profile}${why ? `: ${why}` : ''}` }
  if (names.length === 0) return { state: 'refused', why: `ECR signs it with ${profile}, which no signer names` }
  if (status === 'IN_PROGRESS') return { state: 'unknown', why: `ECR is signing it with ${profile}` }
  return { state: 'verified', signers: names, who: profile, how: 'by AWS Signer, as ECR says' }
}

/**
 * Signatures that ECR made, by its own word: what it attaches is an envelope that is not verified here.
 * @param signers whose profiles count; without any ECR is not asked
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html
 */
export async function managedSignatures(
  digest: string,
  signers: readonly ByProfile[],
  ask: () => Promise<readonly SigningStatus[]>,
): Promise<readonly Signature[]> {
  const signature = (check: Check): Signature => ({ digest, format: 'managed', check, annotations: {} })
  if (signers.length === 0) return []
  try {
    return (await ask()).map((status) => signature(checkOf(status, signers)))
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return [signature({ state: 'unknown', why: error.message })]
  }
}
