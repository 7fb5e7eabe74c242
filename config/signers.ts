import type { Signer } from '../functions/domain/supply-chain/signer.ts'
import type { NamedFiles } from './named-files.ts'
import type { SignerSection } from './schema/signers.ts'

const keyless = (name: string, issuer: string, identity: { exact: string } | { pattern: string }): Signer => ({
  name,
  by: 'identity',
  identity,
  issuer,
})

/** One signer; the checks have seen that it is known in exactly one way. */
function toSigner(name: string, section: SignerSection, { keys }: NamedFiles): Signer {
  const { key = '', kms, identity, issuer = '', 'identity-pattern': pattern, 'signing-profile': profile } = section
  if (kms !== undefined) return { name, by: 'kms', key: kms }
  if (identity !== undefined) return keyless(name, issuer, { exact: identity })
  if (pattern !== undefined) return keyless(name, issuer, { pattern })
  if (profile !== undefined) return { name, by: 'signing-profile', profile }
  return { name, by: 'key', pem: keys.get(key)?.pem ?? '' }
}

/** The signers in the order of the file, with what their files hold. */
export const toSigners = (
  signers: Readonly<Record<string, SignerSection>> | undefined,
  files: NamedFiles,
): readonly Signer[] => Object.entries(signers ?? {}).map(([name, section]) => toSigner(name, section, files))
