import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { flag } from '../option.ts'

export const lifecycleShow = command({
  name: 'lifecycle show',
  summary: 'Shows the lifecycle policy of repositories, rule by rule, in words.',
  about: ['In a pipe: one rule a line, its fields separated by tabs: repository, priority, words, description.'],
  argument: { term: '<REPOSITORY...>', about: 'Name or URI of a repository, or a pattern in quotes.' },
  options: {
    json: flag('--json', 'As JSON, with the text of each policy.'),
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'What expires in prod/api:', line: 'lifecycle show prod/api' },
    {
      about: 'The text of the policy, as a file:',
      line: `lifecycle show prod/api --json | jq -r '.repositories[0].text' > prod.json`,
    },
  ],
  run: async (words, options, io) => (await import('../lifecycle/show.ts')).show(words, options, io),
})
