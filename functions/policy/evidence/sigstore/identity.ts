import type { Signer } from '@sigstore/verify'
import { matchesWhole } from '../../../domain/expression.ts'
import { matches } from '../../../domain/pattern.ts'
import { identityText } from '../../../domain/supply-chain/signer.ts'
import { Refused, short } from './refused.ts'
import type { IdentitySigner } from './signers.ts'

/** How many are named of those who should have signed. */
const NAMED = 3

function isIdentity({ identity }: IdentitySigner, who: string): boolean {
  if ('exact' in identity) return identity.exact === who
  return 'pattern' in identity ? matches(identity.pattern, who) : matchesWhole(identity.expression, who)
}

const words = ({ identity }: IdentitySigner): string =>
  'exact' in identity ? short(identity.exact) : `what matches ${short(identityText(identity))}`

const anyOf = (texts: readonly string[]): string => [...new Set(texts)].slice(0, NAMED).join(' or ')

/**
 * Whoever a certificate was issued to, that is verified, and which signers that is.
 * @throws {Refused} where it is none of them
 */
export function whoOf(
  certified: Signer['identity'],
  signers: readonly IdentitySigner[],
): { readonly who: string; readonly signers: readonly string[] } {
  const [who, issuer] = [certified?.subjectAlternativeName, certified?.extensions?.issuer]
  if (!who || !issuer) throw new Refused('Its certificate does not say whom it was issued to.')
  const same = signers.filter((signer) => isIdentity(signer, who))
  const those = same.filter((signer) => signer.issuer === issuer)
  if (those.length > 0) return { who, signers: those.map(({ name }) => name) }
  throw new Refused(
    same.length > 0
      ? `The identity ${short(who)} was confirmed by ${short(issuer)}, not by ${anyOf(same.map((signer) => short(signer.issuer)))}.`
      : `The certificate was issued to ${short(who)}, not to ${anyOf(signers.map(words))}.`,
  )
}
