import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { choice, text } from '../option.ts'

export const verify = command({
  name: 'verify',
  summary: 'Says who signed an image or a file, how that is known, and why a signature proves nothing.',
  about: [
    'Of an image it explains every signature, attestation and SBOM, of an index also those of each platform: who made it, when, by what that was verified, or why it proves nothing. Whoever may push can attach anything: what is not verified is shown, and counts for nothing. Whose signature counts, the options say, otherwise the signers of steward.yaml; of an index that of its digest counts, or that of every platform.',
    'With --bundle it verifies one Sigstore bundle (v0.1 to v0.3) without a request: a signature over a file, or a statement about it.',
    'A key vouches by itself; a log entry or timestamp beside it must be true all the same. A certificate needs an entry in a transparency log that the trusted root names.',
    'Exit code 0: verified; of an image, by somebody who counts. 1: refused, or signed by nobody who counts. 3 or 4: something of the image could not be checked.',
  ],
  argument: {
    term: '<IMAGE|ARTIFACT>',
    about:
      'REPOSITORY:TAG, REPOSITORY@DIGEST, or the URI of an image. With --bundle, what is signed: a file, or sha256:DIGEST where the digest is known alone.',
  },
  options: {
    bundle: text('--bundle <FILE>', 'The bundle of a file, as JSON. Otherwise an image is verified.'),
    key: text(
      '--key <PEM|ARN>',
      'File with the public key of the signer, or the ARN of a key of AWS KMS for an image. Otherwise a certificate is expected, or the signers of steward.yaml count.',
    ),
    certificateIdentity: text(
      '--certificate-identity <ID>',
      'Whom the certificate must be issued to: a workflow, or an address. Otherwise --certificate-identity-regexp says it.',
    ),
    certificateIdentityRegexp: text(
      '--certificate-identity-regexp <RE2>',
      'The same as an expression of RE2, of the whole identity. Otherwise --certificate-identity says it.',
    ),
    certificateOidcIssuer: text(
      '--certificate-oidc-issuer <URL>',
      'Who must have confirmed the identity. Otherwise only a key can be asked for.',
    ),
    trustedRoot: text(
      '--trusted-root <FILE>',
      "Root of the Sigstore that is trusted. Otherwise that of steward.yaml for an image, or that of Sigstore's public good instance, as this version has it.",
    ),
    output: choice('-o, --output <FORMAT>', 'text or json, of an image docs/verify.schema.json. Otherwise text.', [
      'text',
      'json',
    ]),
    ...CONFIG_OPTION,
    region: AWS_OPTIONS.region,
    profile: AWS_OPTIONS.profile,
    verbose: AWS_OPTIONS.verbose,
  },
  examples: [
    { about: 'An image, by the signers of the steward.yaml of this folder:', line: 'verify prod/api:1.4.2' },
    {
      about: 'A file, by the key that you have:',
      line: 'verify --bundle web.tar.sigstore.json --key release.pub web.tar',
    },
    {
      about: 'An image, by the workflow that must have signed:',
      line: 'verify prod/api:1.4.2 --certificate-identity https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main --certificate-oidc-issuer https://token.actions.githubusercontent.com',
    },
  ],
  async run([word = ''], { bundle, ...options }, io) {
    if (bundle !== undefined)
      return (await import('../verify/bundle.ts')).verifyBundle(word, { ...options, bundle }, io)
    return (await import('../verify/image.ts')).verifyImage(word, options, io)
  },
})
