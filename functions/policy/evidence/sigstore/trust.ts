import { TrustedRoot } from '@sigstore/protobuf-specs'
import { type TrustMaterial, toTrustMaterial } from '@sigstore/verify'

/** Of every version. */
const MEDIA_TYPE = 'application/vnd.dev.sigstore.trustedroot'

/** Whether each part says since when it counts: the library takes what does not as counting since ever. */
const hasBeginnings = ({ tlogs, ctlogs, certificateAuthorities, timestampAuthorities }: TrustedRoot): boolean =>
  [
    ...[...tlogs, ...ctlogs].map(({ publicKey }) => publicKey?.validFor),
    ...[...certificateAuthorities, ...timestampAuthorities].map(({ validFor }) => validFor),
  ].every((validFor) => validFor?.start)

/**
 * What certificates, logs and timestamps are verified by.
 * @param json `trusted_root.json` of a Sigstore
 * @throws {Error} where it is none, with a sentence for people
 * @see https://github.com/sigstore/root-signing/blob/main/targets/trusted_root.json
 */
export function trustOf(json: unknown): TrustMaterial {
  try {
    const root = TrustedRoot.fromJSON(json)
    if (root.mediaType.startsWith(MEDIA_TYPE) && hasBeginnings(root)) return toTrustMaterial(root)
  } catch {
    // What the library throws names fields of its own.
  }
  throw new Error('The trusted root is malformed: it is not the trusted_root.json of a Sigstore.')
}
