import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag, texts } from '../option.ts'

export const check = command({
  name: 'check',
  summary: 'Judges repositories and images by the policy in steward.yaml.',
  about: [
    'Without arguments: the registry itself and every repository. An image is judged where it is named by tag or digest, or with --images. An argument may be the URI of an image or repository, which says account and region too.',
    'On a terminal, what has to be seen to comes by rule, most urgent first, with what mends it. In a pipe, each fail, unknown and exception is a line of fields separated by tabs: state, severity, rule, subject, reason, fix.',
    'What could not be read is unknown, never a pass. `ecr-steward help exit-codes` says how it ends.',
  ],
  argument: {
    term: '[SUBJECT...]',
    about: 'REPOSITORY, REPOSITORY:TAG, REPOSITORY@DIGEST, a pattern in quotes, or a URI.',
  },
  options: {
    images: flag('--images', 'Judge every tagged image of the repositories too.'),
    rule: texts('--rule <NAME>', 'Look at this rule alone. Otherwise at all in force. May be given several times.'),
    json: flag('--json', 'As JSON, with every verdict: docs/check.schema.json.'),
    ...CONFIG_OPTION,
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'The whole registry, by the steward.yaml of this folder:', line: 'check' },
    { about: 'One team, with its images:', line: `check 'team-a/**' --images --region eu-central-1` },
    { about: 'An image that a pipeline has just pushed:', line: 'check prod/api:1.4.2 --json' },
  ],
  run: async (words, options, io) => (await import('../check/check.ts')).check(words, options, io),
})
