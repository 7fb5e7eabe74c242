import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { STORE_OPTION } from '../clean-up/options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag } from '../option.ts'

export const cleanUpApply = command({
  name: 'clean-up apply',
  summary: 'Carries out a plan; without --yes it shows what that would do.',
  about: [
    'Removes what the plan names and nothing else, and each image only if it is as the plan saw it, nothing runs it, and nothing that stays needs it: all of that is read again just before. What it does is in the journal before it is done, with the manifests, for clean-up undo.',
    'One run at a time. It may be interrupted, and run again until the plan expires: nothing is done twice. What is gone is fine, what changed is kept.',
    'Exit code 0 where all is done, 3 where it stopped early or something failed, 2 for a plan that is not taken: expired, edited, undone, or of another registry.',
  ],
  argument: { term: '<PLAN>', about: 'File that clean-up plan wrote, or the id of a plan in --store.' },
  options: {
    yes: flag('--yes', 'Remove. Without it nothing is changed.'),
    ...STORE_OPTION,
    json: flag('--json', 'What was done, or would be, as JSON.'),
    ...CONFIG_OPTION,
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'What applying would come upon now:', line: 'clean-up apply clean-up-plan.json' },
    {
      about: 'A plan of the stack:',
      line: 'clean-up apply 20261128-030000-a1b2 --store s3://ecr-steward-clean-up --yes',
    },
  ],
  run: async (words, options, io) => (await import('../clean-up/apply.ts')).cleanUpApply(words, options, io),
})
