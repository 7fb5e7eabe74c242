import { TrustedRoot } from '@sigstore/protobuf-specs'
import { type TrustMaterial, toTrustMaterial } from '@sigstore/verify'
import { trustedRootFault } from '../../../domain/supply-chain/trusted-root.ts'

/**
 * What certificates, logs and timestamps are verified by. It takes what the configuration takes: both look at it alike, and the
 * library is less strict, which has what says no beginning count since ever.
 * @param json `trusted_root.json` of a Sigstore
 * @throws {Error} where it is none, with a sentence for people
 * @see https://github.com/sigstore/root-signing/blob/main/targets/trusted_root.json
 */
export function trustOf(json: unknown): TrustMaterial {
  const fault = trustedRootFault(json)
  if (fault !== undefined) throw new Error(`The trusted root is malformed: ${fault}.`)
  try {
    return toTrustMaterial(TrustedRoot.fromJSON(json))
  } catch {
    // Node reads certificates whose extensions are none; what the library throws of them names fields of its own.
    throw new Error('The trusted root is malformed: one of its certificates cannot be read.')
  }
}
