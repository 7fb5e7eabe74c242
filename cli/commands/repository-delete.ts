import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag } from '../option.ts'

const { region, profile, verbose } = AWS_OPTIONS

export const repositoryDelete = command({
  name: 'repository delete',
  summary: 'Deletes repositories that nobody uses, and keeps what makes them again.',
  about: [
    'It shows first what would go: images, tags, bytes, what they cost, where replicas stay, and what would make the repository again. One without images is deleted at once. One with images is deleted with --force alone, and only when its name was typed, or with --yes: images do not come back.',
    'While something uses one of its images, it is not deleted, and no option changes that; nor while something that could use them cannot be read, as for clean-up apply (docs/in-use.md), or where a stack of CloudFormation has made it. Just before it is deleted, all of that is looked at once more.',
    'Settings, AWS tags and policies are saved as files first, with the line that makes it again, without its images. In a pipe each repository is a line: state, name, images, tags, bytes, why not.',
    'It ends with 1 where one is in use or belongs to a stack, with 3 or 4 where that cannot be known, and with 2 where --force or the name is lacking.',
  ],
  argument: { term: '<REPOSITORY...>', about: 'Name or URI of a repository.' },
  options: {
    force: flag('--force', 'Delete its images too.'),
    yes: flag('--yes', 'Do not have the name typed.'),
    dryRun: flag('--dry-run', 'Show what would go, and what speaks against it; delete nothing.'),
    json: flag('--json', 'As JSON.'),
    ...CONFIG_OPTION,
    ...{ region, profile, verbose },
  },
  examples: [
    { about: 'What would go, and whether it may:', line: 'repository delete team-a/old --dry-run' },
    { about: 'With its images, after its name was typed:', line: 'repository delete team-a/old --force' },
    { about: 'The same where nobody can type:', line: 'repository delete team-a/old --force --yes' },
  ],
  run: async (words, options, io) => (await import('../repository/delete.ts')).deleteRepositories(words, options, io),
})
