import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { flag, number } from '../option.ts'

export const repositoryList = command({
  name: 'repository list',
  summary: 'Lists repositories: tag mutability, scanning, encryption, lifecycle policy, owner.',
  about: [
    'Without arguments: all repositories of the registry. In a pipe each is a line of fields separated by tabs, as it comes: name, URI, tag mutability, scan, encryption, lifecycle policy, owner, when it was made, images, bytes. A dash is what was not asked for, or is not there; a question mark is what could not be read.',
    'ECR lists a thousand repositories a call. Lifecycle policy and owner, which is the AWS tag Owner, are a call each for every repository, which --quick leaves out; --images reads the images of each, a thousand a call. A list is no judgement: check is. It ends with 3 or 4 where something could not be read.',
  ],
  argument: { term: '[REPOSITORY...]', about: 'Name or URI of a repository, or a pattern in quotes.' },
  options: {
    quick: flag('--quick', 'Only what ECR lists: neither lifecycle policy nor owner.'),
    images: flag('--images', 'How many images each holds, and their bytes.'),
    json: flag('--json', 'As JSON, a repository a line.'),
    ...AWS_OPTIONS,
    concurrency: number('--concurrency <N>', 'How many repositories are read at once. Otherwise 10.', {
      ...{ least: 1, most: 500, isWhole: true },
    }),
  },
  examples: [
    { about: 'What one team has:', line: `repository list 'team-a/**'` },
    { about: 'Those without a lifecycle policy:', line: `repository list | awk -F '\\t' '$6 == "no" { print $1 }'` },
    {
      about: 'The largest ones:',
      line: `repository list --quick --images | sort -t "$(printf '\\t')" -k10nr | cut -f 1,9,10 | head`,
    },
  ],
  run: async (words, options, io) => (await import('../repository/list.ts')).listRepositories(words, options, io),
})
