import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { flag, number, text } from '../option.ts'

export const init = command({
  name: 'init',
  summary: 'Writes a first steward.yaml by what the account has, and shows what it would tell.',
  about: [
    'Every rule is judged as it is by default: on the registry, on every repository, and on the newest tagged image of each. What holds for all of a namespace is ready for enforce, and written as report all the same; what fails is report, with how many and which. Whom policies let in from outside is proposed in comments and never trusted by it.',
    'The report says what the file would tell today. It goes to stdout, and to stderr where the file itself does with --output -. What cannot be read is left out of the file with the reason, and the command ends with 3 or 4.',
    'Of each repository three calls; of each image its list, its manifest, its configuration and its scan. ECR may record that as a pull.',
  ],
  options: {
    output: text('--output <FILE>', 'Where to write it; - is stdout. Otherwise steward.yaml in this folder.'),
    force: flag('--force', 'Overwrite a file that is there.'),
    enforce: flag('--enforce', 'Write enforce where a rule holds for all and can be put right, instead of a comment.'),
    limit: number(
      '--limit <N>',
      'Repositories whose newest image is judged, spread over the namespaces. Otherwise 300.',
      {
        ...{ least: 0, most: 100_000, isWhole: true },
      },
    ),
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'A file to begin with, and what it would tell:', line: 'init --region eu-central-1' },
    { about: 'The same, without writing anything:', line: 'init --output -' },
    { about: 'How far the account is from the file that it has:', line: 'init --output - | diff steward.yaml -' },
  ],
  run: async (_, options, io) => (await import('../init/init.ts')).init(options, io),
})
