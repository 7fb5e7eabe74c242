import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { READING_OPTIONS } from '../clean-up/options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag, number } from '../option.ts'

export const cleanUpGuard = command({
  name: 'clean-up guard',
  summary: "Shows images in use that ECR is about to expire by the repositories' own lifecycle policies.",
  about: [
    'ECR knows nothing of what runs. Every repository with a lifecycle policy is looked at, or those that are named: what the policy removes or archives now or soon, and who uses it. Nothing is changed.',
    'Pins and steward.yaml do not hold ECR back: the policy itself has to change, and the command that keeps these images is shown. What is in use is read as for clean-up plan, by the section clean-up.in-use where there is one.',
    'Ends with 1 where an image in use is about to go. Where nothing is found, and something could not be read, with 3, or 4 where a permission is missing.',
  ],
  argument: { term: '[REPOSITORY...]', about: 'REPOSITORY, a pattern in quotes such as "prod/**", or a URI.' },
  options: {
    within: number('--within <DAYS>', 'How far to look ahead. Otherwise 2 days.', { least: 0, most: 365 }),
    json: flag('--json', 'As JSON, with every image and who uses it.'),
    ...CONFIG_OPTION,
    ...AWS_OPTIONS,
    ...READING_OPTIONS,
  },
  examples: [
    { about: 'The whole registry:', line: 'clean-up guard' },
    { about: 'What is in danger in the next week, in production:', line: `clean-up guard 'prod/**' --within 7` },
  ],
  run: async (words, options, io) => (await import('../clean-up/guard.ts')).cleanUpGuard(words, options, io),
})
