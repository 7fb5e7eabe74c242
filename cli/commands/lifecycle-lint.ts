import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { flag } from '../option.ts'

export const lifecycleLint = command({
  name: 'lifecycle lint',
  summary: 'Says what a lifecycle policy will not do, or does beside what it was written for, and mends it.',
  about: [
    'A file is what `aws ecr put-lifecycle-policy` takes. Of a repository, the policy that it has is read, and its images too: what a policy does to them says more than its text.',
    'Exit code 1 where there is an error or a warning; notes are for reading. In a pipe each finding is a line of fields separated by tabs: level, policy, rule, field, code, problem, what to write instead.',
  ],
  argument: {
    term: '<POLICY...>',
    about: 'A file (it is there, or ends in .json); otherwise a REPOSITORY, a pattern in quotes, or a URI.',
  },
  options: {
    json: flag('--json', 'As JSON, with the mended policy.'),
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'Before a commit:', line: 'lifecycle lint lifecycle/prod.json' },
    { about: 'What the policies of a team do to its images:', line: `lifecycle lint 'team-a/**'` },
    {
      about: 'The mended policy in a file of its own:',
      line: `lifecycle lint prod.json --json | jq '.policies[0].mended' > mended.json`,
    },
  ],
  run: async (words, options, io) => (await import('../lifecycle/lint.ts')).lint(words, options, io),
})
