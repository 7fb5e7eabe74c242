import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { READING_OPTIONS } from '../clean-up/options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag } from '../option.ts'

export const cleanUpInUse = command({
  name: 'clean-up in-use',
  summary: 'Shows who uses which images, and which sources could not be read.',
  about: [
    'Read is what clean-up plan reads: ECS, EventBridge, Lambda, EKS, App Runner, CodeBuild and Batch, in the regions and accounts of clean-up.in-use in steward.yaml, if there is one. docs/in-use.md says which permissions that takes.',
    'Without arguments: every use of an image of a private registry. With repositories: their images that clean-up would keep, and why, pins and indexes included. With images: these alone, also where nothing keeps them. In a pipe: one image a line, its fields separated by tabs: repository, tag or digest, used by.',
    'Ends with 3 where a source is not known completely, which stops every removal, or with 4 where a permission is missing.',
  ],
  argument: {
    term: '[SUBJECT...]',
    about: 'REPOSITORY, REPOSITORY:TAG, REPOSITORY@DIGEST, a pattern in quotes, or a URI.',
  },
  options: {
    json: flag('--json', 'As JSON, with the state of every source.'),
    ...CONFIG_OPTION,
    ...AWS_OPTIONS,
    ...READING_OPTIONS,
  },
  examples: [
    { about: 'All that runs, and what cannot be seen:', line: 'clean-up in-use' },
    { about: 'Whether an image may go:', line: 'clean-up in-use prod/api:1.4.2' },
    {
      about: 'Sources that stop the clean-up:',
      line: `clean-up in-use --json | jq -r '.sources[] | select(.incomplete) | .incomplete'`,
    },
  ],
  run: async (words, options, io) => (await import('../clean-up/in-use.ts')).cleanUpInUse(words, options, io),
})
