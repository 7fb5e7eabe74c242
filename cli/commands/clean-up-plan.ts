import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { READING_OPTIONS } from '../clean-up/options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag, text } from '../option.ts'

export const cleanUpPlan = command({
  name: 'clean-up plan',
  summary: 'Plans which images go, and removes nothing.',
  about: [
    'By the policies of the section clean-up of steward.yaml, over the repositories that are named, or all that a policy is about. What is in use or pinned, what is younger than a day, and what hangs together with these, is kept. With --policy, a lifecycle policy is tried on the repositories that are named.',
    'The plan is written to a file, clean-up-plan.json unless --out or --store says where; clean-up apply carries out just that. It expires after a day, and an edited plan is refused.',
    'Where nobody can tell what is in use, nothing is planned, and it says why: exit code 3, or 4 where a permission is missing.',
  ],
  argument: { term: '[REPOSITORY...]', about: 'REPOSITORY, a pattern in quotes such as "ci/**", or a URI.' },
  options: {
    policy: text('--policy <FILE>', 'Lifecycle policy to go by: needs repositories. Otherwise those of steward.yaml.'),
    out: text('--out <FILE>', 'File to write the plan to. Otherwise clean-up-plan.json.'),
    store: text(
      '--store <PLACE>',
      'Where to keep the plan: s3://BUCKET/PREFIX, as the stack has it in its output CleanUpStore, or a folder. Otherwise in a file alone.',
    ),
    json: flag(
      '--json',
      'The plan itself, with every image: docs/clean-up-plan.schema.json. Written to a file only with --out.',
    ),
    ...CONFIG_OPTION,
    ...AWS_OPTIONS,
    ...READING_OPTIONS,
  },
  examples: [
    { about: 'What steward.yaml would remove:', line: 'clean-up plan' },
    {
      about: 'What a policy would remove from the repositories of CI:',
      line: `clean-up plan 'ci/**' --policy lifecycle/ci.json`,
    },
    { about: 'For the stack to apply:', line: 'clean-up plan --store s3://ecr-steward-clean-up/plans' },
  ],
  run: async (words, options, io) => (await import('../clean-up/plan.ts')).cleanUpPlan(words, options, io),
})
