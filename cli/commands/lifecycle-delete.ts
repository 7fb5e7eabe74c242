import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { flag } from '../option.ts'

export const lifecycleDelete = command({
  name: 'lifecycle delete',
  summary: 'Takes the lifecycle policy off repositories, and keeps its text.',
  about: [
    'Without --yes nothing is deleted: it shows which policies would be. With it, each is saved as a file before it is deleted, with the line that puts it back.',
  ],
  argument: { term: '<REPOSITORY...>', about: 'Name or URI of a repository, or a pattern in quotes.' },
  options: {
    yes: flag('--yes', 'Delete them.'),
    json: flag('--json', 'As JSON.'),
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'Which policies there are to delete:', line: `lifecycle delete 'scratch/**'` },
    { about: 'One of them goes:', line: 'lifecycle delete scratch/x --yes' },
  ],
  run: async (words, options, io) => (await import('../lifecycle/delete.ts')).deletePolicies(words, options, io),
})
