import { matchesWhole } from '../../functions/domain/expression.ts'
import { type Identity, identityText } from '../../functions/domain/supply-chain/signer.ts'
import type { Verifiable } from '../../functions/policy/evidence/ports.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { fileOf } from './files.ts'

/** Who must have signed, as the command line says it. */
export type SignerOptions = {
  readonly key: string | undefined
  readonly certificateIdentity: string | undefined
  readonly certificateIdentityRegexp: string | undefined
  readonly certificateOidcIssuer: string | undefined
}

const WHO = 'Say who must have signed: --key PEM, or --certificate-identity ID with --certificate-oidc-issuer URL.'

/** Bytes of a file with a public key: of RSA with 16384 bits it has three thousand. */
const KEY_LIMIT = 1_048_576

function expressionOf(expression: string): Identity {
  try {
    matchesWhole(expression, '')
    return { expression }
  } catch {
    throw new CommandError(
      'usage',
      '--certificate-identity-regexp is no expression of RE2.',
      'What there is: https://github.com/google/re2/wiki/Syntax',
    )
  }
}

function identityOf({ certificateIdentity: exact, certificateIdentityRegexp: pattern }: SignerOptions): Identity {
  if (exact !== undefined && pattern === undefined) return { exact }
  if (pattern !== undefined && exact === undefined) return expressionOf(pattern)
  throw new CommandError('usage', 'An identity is said once: --certificate-identity, or --certificate-identity-regexp.')
}

/** @throws {CommandError} where nobody is named, or in two ways */
export function signerOf(options: SignerOptions, io: Io): Verifiable {
  const { key, certificateIdentity, certificateIdentityRegexp, certificateOidcIssuer: issuer } = options
  const isCertified = [certificateIdentity, certificateIdentityRegexp, issuer].some((value) => value !== undefined)
  if (key !== undefined && isCertified)
    throw new CommandError('usage', '--key and --certificate-… exclude one another: one bundle has one signer.')
  if (key !== undefined) return { name: key, by: 'key', pem: fileOf(key, io, 'The key', KEY_LIMIT).toString() }
  if (!isCertified) throw new CommandError('usage', 'Nobody is named whose signature would count.', WHO)
  const identity = identityOf(options)
  if (!issuer)
    throw new CommandError(
      'usage',
      'An identity is worth what its issuer is: --certificate-oidc-issuer is missing.',
      WHO,
    )
  return { name: identityText(identity), by: 'identity', identity, issuer }
}
