/** What cosign says is signed. @see https://github.com/containers/image/blob/main/docs/containers-signature.5.md */
export type Claim = {
  /** Digest of the manifest that is signed. */
  readonly digest: string
  /** Name it is signed under: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web`. */
  readonly reference?: string
  /** What `cosign sign -a` adds. Otherwise `optional` is null, as cosign writes it. */
  readonly annotations?: Readonly<Record<string, string>>
}

/** The payload that cosign signs, byte for byte: it is the layer of a `.sig` manifest. */
export const simpleSigning = ({ digest, reference = '', annotations }: Claim): Buffer =>
  Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': reference },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: annotations ?? null,
    }),
  )
