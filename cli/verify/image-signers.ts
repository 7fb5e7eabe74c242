import { resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import { publicKey } from '../../config/public-key.ts'
import { readText } from '../../config/text-file.ts'
import { trustedRoot } from '../../config/trusted-root.ts'
import type { Signer } from '../../functions/domain/supply-chain/signer.ts'
import { CommandError } from '../command-error.ts'
import { findConfiguration, nearPath, readConfiguration } from '../configuration.ts'
import type { Io } from '../io.ts'
import { type SignerOptions, signerOf } from './signer.ts'

/** `key` may be the ARN of a key of KMS, too. */
export type ImageSignerOptions = SignerOptions & {
  readonly config: string | undefined
  readonly trustedRoot: string | undefined
}

/** Whose signatures count, and what keyless ones are verified by. */
export type Trusted = {
  readonly signers: readonly Signer[]
  /** Undefined: that of the package. */
  readonly root: object | undefined
  /** The configuration that names the signers, as seen from here; undefined where options do. */
  readonly config?: string | undefined
}

const KMS = /^arn:aws[a-z-]*:kms:/

/** @throws {CommandError} where the file is none, or is not what it is to be */
function readAs<T extends object>(file: string, parse: (text: string) => T | { readonly problem: string }, io: Io): T {
  const path = resolve(io.cwd, file)
  const read = readText(path)
  const parsed = 'text' in read ? parse(read.text) : read
  if (!('problem' in parsed)) return parsed
  throw new CommandError('usage', `${show(nearPath(path, io), 200)} ${parsed.problem}.`)
}

/** Whom the options name; nobody where they name none. @throws {CommandError} where they name somebody half */
function named({ key, ...certificate }: SignerOptions, io: Io): readonly Signer[] {
  const isCertified = Object.values(certificate).some((value) => value !== undefined)
  if (isCertified || key === undefined) return isCertified ? [signerOf({ key, ...certificate }, io)] : []
  if (KMS.test(key)) return [{ name: key, by: 'kms', key }]
  return [{ name: key, by: 'key', pem: readAs(key, publicKey, io).pem }]
}

const NOBODY = [
  'Nobody is named whose signature would count.',
  'Name one with --key FILE, or with --certificate-identity and --certificate-oidc-issuer,',
  'or all of them as signers of steward.yaml: docs/signatures.md.',
] as const

/**
 * Whose signatures count: whom the options name, otherwise the signers of steward.yaml.
 * @throws {CommandError} where that is nobody
 * @throws {ConfigError}
 */
export function trustedBy(options: ImageSignerOptions, io: Io): Trusted {
  const { config: file, trustedRoot: rootFile, key, certificateOidcIssuer } = options
  const { certificateIdentity, certificateIdentityRegexp } = options
  const given = rootFile === undefined ? undefined : readAs(rootFile, trustedRoot, io).root
  const signers = named({ key, certificateIdentity, certificateIdentityRegexp, certificateOidcIssuer }, io)
  if (signers.length > 0) return { signers, root: given }
  if (findConfiguration(file, io) === undefined) throw new CommandError('usage', ...NOBODY)
  const { config, path } = readConfiguration(file, io)
  if (config.signers.length === 0) throw new CommandError('usage', ...NOBODY)
  return { signers: config.signers, root: given ?? config.trustedRoot, config: nearPath(path, io) }
}
