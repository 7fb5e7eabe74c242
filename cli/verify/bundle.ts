import { PINNED_ROOT } from '../../functions/policy/evidence/sigstore/pinned-root.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { painter } from '../terminal.ts'
import { artifactOf } from './artifact.ts'
import { bundleJson, bundleText } from './bundle-report.ts'
import { fileOf } from './files.ts'
import { type SignerOptions, signerOf } from './signer.ts'

export type BundleOptions = SignerOptions & {
  readonly bundle: string
  readonly trustedRoot: string | undefined
  readonly output: 'text' | 'json' | undefined
}

/** Bytes. A bundle with an SBOM is the largest that there is. */
const BUNDLE_LIMIT = 64 * 1_048_576
const ROOT_LIMIT = 16 * 1_048_576

function jsonOf(bytes: Buffer, option: string): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new CommandError('usage', `What ${option} names is not JSON.`)
  }
}

/** What verifies, which is much code: a file of its own. */
async function verifierOf(options: BundleOptions, io: Io) {
  const signer = signerOf(options, io)
  const { trustedRoot: file } = options
  const given =
    file === undefined ? undefined : jsonOf(fileOf(file, io, 'The trusted root', ROOT_LIMIT), '--trusted-root')
  const { signatureVerifier } = await import('../../functions/policy/evidence/sigstore/verifier.ts')
  try {
    return signatureVerifier([signer], given ?? PINNED_ROOT)
  } catch (error) {
    throw new CommandError('usage', (error as Error).message)
  }
}

/**
 * Verifies one bundle, without a request.
 * @throws {CommandError} where the command line is wrong; a bundle that is malformed is refused
 */
export async function verifyBundle(word: string, options: BundleOptions, io: Io): Promise<Exit> {
  const artifact = artifactOf(word, io)
  const bundle = fileOf(options.bundle, io, 'The bundle', BUNDLE_LIMIT)
  const verified = (await verifierOf(options, io)).artifact(bundle, artifact)
  const said =
    options.output === 'json'
      ? bundleJson(verified, artifact.digest)
      : bundleText(verified, artifact.digest, painter(io.stdout))
  io.stdout.write(said)
  return verified.check.state === 'verified' ? 'pass' : 'fail'
}
