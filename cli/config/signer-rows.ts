import { createHash, createPublicKey } from 'node:crypto'
import type { StewardConfig } from '../../config/load.ts'
import type { RuleExplanation } from '../../functions/domain/explain-policy.ts'
import { identityText, type Signer } from '../../functions/domain/supply-chain/signer.ts'
import type { Row } from '../table.ts'

/** As `openssl pkey -pubin -outform der | sha256sum` prints it: two people can compare it. */
const fingerprint = (pem: string): string =>
  createHash('sha256')
    .update(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
    .digest('hex')

/** How somebody is known, in words. */
function knownBy(signer: Signer): string {
  switch (signer.by) {
    case 'key':
      return `key SHA256:${fingerprint(signer.pem)}`
    case 'kms':
      return signer.key
    case 'identity': {
      const { identity, issuer } = signer
      return `${'exact' in identity ? '' : 'whoever matches '}${identityText(identity)}, as ${issuer} says`
    }
    case 'signing-profile':
      return signer.profile
  }
}

const namesIn = ({ parameters: { signedBy } }: RuleExplanation): readonly unknown[] =>
  Array.isArray(signedBy) ? signedBy : []

/** Those whom the rules in force name. */
export function signerRows({ signers }: StewardConfig, rules: readonly RuleExplanation[]): readonly Row[] {
  const named = new Set(rules.filter(({ mode }) => mode !== 'off').flatMap(namesIn))
  return signers
    .filter(({ name }) => named.has(name))
    .map((signer) => [{ text: signer.name, format: 'bold' }, { text: knownBy(signer) }])
}
