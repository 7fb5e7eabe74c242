import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag, number } from '../option.ts'

export const images = command({
  name: 'images',
  summary: 'Lists the images of a repository: tags, size, age, platforms, last pull, scan and verdict.',
  about: [
    'Newest first. The verdict is that of the rules on images in steward.yaml, exceptions heeded, and of tagged images alone, as in check --images; without a steward.yaml there is none. A list is no judgement: it ends with 0 whatever the verdicts are. It ends with 3 or 4 where something of it could not be read.',
    'On a terminal a table. In a pipe each image is a line of fields separated by tabs: digest, tags, bytes, pushed, pulled, platforms or kind, scan, verdict, rules that fail or are unknown.',
    'Of each image its scan is one call. Manifests are read of indexes, of what is no image, and of all where a rule is in force, a hundred a call; ECR may record that as a pull. --quick reads nothing but the listing, a thousand images a call.',
  ],
  argument: { term: '<REPOSITORY>', about: 'A repository, or its URI.' },
  options: {
    tagged: flag('--tagged', 'Those with a tag alone.'),
    untagged: flag('--untagged', 'Those without a tag alone.'),
    limit: number('--limit <N>', 'How many are shown, the newest; the others are counted. Otherwise 50.', {
      ...{ least: 1, most: 100_000, isWhole: true },
    }),
    quick: flag('--quick', 'Neither scans, platforms nor verdicts: only what ECR lists.'),
    json: flag('--json', 'As JSON: docs/images.schema.json.'),
    ...CONFIG_OPTION,
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'What there is, and what is wrong with it:', line: 'images prod/api' },
    {
      about: 'What nobody can name any more, by size:',
      line: 'images prod/api --untagged --quick | sort -t "$(printf \'\\t\')" -k3nr',
    },
    {
      about: 'Tags of the images that the policy says no to:',
      line: `images prod/api --tagged --json | jq -r '.images[] | select(.verdict.state == "fail") | .tags[]'`,
    },
  ],
  run: async (words, options, io) => (await import('../images/images.ts')).images(words, options, io),
})
