import { command } from '../command.ts'
import { choice, text } from '../option.ts'

export const verify = command({
  name: 'verify',
  summary: 'Says who signed a file, how that is known, and why a signature proves nothing.',
  about: [
    'With --bundle it verifies one Sigstore bundle (v0.1 to v0.3) without a request: a signature over a file, or a statement about it. Exit code 0: verified. 1: refused, with the reason; also a bundle that is malformed.',
    'A key vouches by itself; a log entry or timestamp beside it must be true all the same. A certificate needs an entry in a transparency log that the trusted root names.',
  ],
  argument: {
    term: '<ARTIFACT>',
    about: 'What is signed: a file, or sha256:DIGEST where the digest is known alone.',
  },
  options: {
    bundle: text('--bundle <FILE>', 'The bundle, as JSON. Otherwise nothing can be verified.'),
    key: text('--key <PEM>', 'File with the public key of the signer. Otherwise a certificate is expected.'),
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
      "Root of the Sigstore that is trusted. Otherwise that of Sigstore's public good instance, as this version has it.",
    ),
    output: choice('--output <FORMAT>', 'text or json. Otherwise text.', ['text', 'json']),
  },
  examples: [
    { about: 'By the key that you have:', line: 'verify --bundle web.tar.sigstore.json --key release.pub web.tar' },
    {
      about: 'By the workflow that must have signed:',
      line: 'verify --bundle web.tar.sigstore.json --certificate-identity https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main --certificate-oidc-issuer https://token.actions.githubusercontent.com web.tar',
    },
    {
      about: 'Who attests a digest, and what:',
      line: 'verify --bundle provenance.json --key builder.pub --output json sha256:7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730',
    },
  ],
  run: async ([artifact = ''], options, io) =>
    (await import('../verify/bundle.ts')).verifyBundle(artifact, options, io),
})
