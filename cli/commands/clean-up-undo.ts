import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { STORE_OPTION } from '../clean-up/options.ts'
import { command } from '../command.ts'
import { flag } from '../option.ts'

export const cleanUpUndo = command({
  name: 'clean-up undo',
  summary: 'Brings back what a plan removed, as far as that can be done.',
  about: [
    'Manifests are pushed again from the journal, under each of their tags that names no other image by now. That works as long as ECR still has the layers, which it keeps for a while, and for as long as another image has them. Images come out of the archive.',
    'What cannot be brought back is said, with why. It may be run again: what is there is left alone.',
  ],
  argument: { term: '<PLAN-ID>', about: 'Id of the plan, as clean-up apply and the alert say it.' },
  options: {
    yes: flag('--yes', 'Do it. Without it nothing is changed.'),
    ...STORE_OPTION,
    json: flag('--json', 'What became of each image, as JSON.'),
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'What could be brought back of what was applied here:', line: 'clean-up undo 2026-11-28t09-06-32z-67bb' },
    {
      about: 'What the stack removed last night:',
      line: 'clean-up undo 20261128-030000-a1b2 --store s3://ecr-steward-clean-up --yes',
    },
  ],
  run: async (words, options, io) => (await import('../clean-up/undo.ts')).cleanUpUndo(words, options, io),
})
