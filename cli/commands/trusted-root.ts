import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { text } from '../option.ts'

export const trustedRoot = command({
  name: 'trusted-root',
  summary:
    'Shows which Sigstore is trusted, and since when its parts count; with --refresh it fetches the current root.',
  about: [
    'Certificates, logs and timestamps are verified by a trusted root: the file that trusted-root of steward.yaml names, otherwise the root of the public good instance as this version has it. Nothing is fetched while something is verified.',
    'With --refresh the current root is fetched by TUF, whose own root this version brings, and written to a file: name it in steward.yaml, and commit it.',
  ],
  options: {
    refresh: text(
      '--refresh <FILE>',
      'Fetch the current root, and write it there. Otherwise nothing is fetched or written.',
    ),
    mirror: text('--mirror <URL>', "TUF repository to fetch from. Otherwise that of Sigstore's public good instance."),
    mirrorRoot: text(
      '--mirror-root <FILE>',
      'Root metadata of that repository. Otherwise those that this version has.',
    ),
    ...CONFIG_OPTION,
  },
  examples: [
    { about: 'What is trusted:', line: 'trusted-root' },
    { about: 'The current root, for trusted-root of steward.yaml:', line: 'trusted-root --refresh trusted_root.json' },
    {
      about: 'That of a Sigstore of your own:',
      line: 'trusted-root --refresh trusted_root.json --mirror https://tuf.acme.example --mirror-root root.json',
    },
  ],
  run: async (_, options, io) => (await import('../verify/trusted-root.ts')).showTrustedRoot(options, io),
})
