import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { flag } from '../option.ts'

export const lifecycleApply = command({
  name: 'lifecycle apply',
  summary: 'Puts a lifecycle policy on many repositories, after showing what it would expire in each.',
  about: [
    'Without --yes nothing is written: it shows for every repository how many images the policy keeps, expires and archives. A policy with errors is not put: `ecr-steward lifecycle lint` says how to mend it.',
    'A repository that has another policy is left alone, unless --replace or --merge says what is to become of that. What is replaced is saved first, with the line that puts it back. What was written is read back.',
  ],
  argument: {
    term: '<FILE> <REPOSITORY...>',
    about: 'The policy, then the repositories: names, URIs, or patterns in quotes.',
  },
  options: {
    yes: flag('--yes', 'Write it.'),
    replace: flag('--replace', 'Put it in place of another policy.'),
    merge: flag('--merge', 'Add its rules to another policy, after those that are there.'),
    json: flag('--json', 'As JSON.'),
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'What it would do, everywhere below ci/:', line: `lifecycle apply ci.json 'ci/**'` },
    { about: 'The same, and it is written:', line: `lifecycle apply ci.json 'ci/**' --yes` },
    { about: 'Rules added to those that are there:', line: `lifecycle apply untagged.json '**' --merge` },
  ],
  run: async ([file = '', ...words], options, io) =>
    (await import('../lifecycle/apply.ts')).apply(file, words, options, io),
})
