import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag, texts } from '../option.ts'
import { choice, STORE_OPTION } from '../sweep/options.ts'

export const sweep = command({
  name: 'sweep',
  summary: 'Judges whole registries, of several accounts and regions, and writes a report.',
  about: [
    'The rules, exceptions and policies of steward.yaml on every repository and image, with findings, what is in use, what clean-up would take, and what it costs. It sends no alert and no event, and changes nothing in a registry: what it finds is in the report, which it writes to a folder, or to the bucket that --store names.',
    'Goes through the registry of the credentials, and through those that the section sweep of steward.yaml names, or --accounts and --regions; other accounts are read with the role ecr-steward-read, docs/members.md.',
    'What it judged is kept batch by batch: interrupted, it goes on with --resume. What could not be judged is named in the report, and is never a pass: exit code 3, or 4 where a permission is missing.',
  ],
  options: {
    accounts: texts(
      '--accounts <IDS>',
      'Accounts beside that of the credentials, separated by commas. Otherwise those of steward.yaml.',
    ),
    regions: texts(
      '--regions <NAMES>',
      'Regions beside --region, separated by commas. Otherwise those of steward.yaml.',
    ),
    resume: flag('--resume', 'Go on with the newest sweep in the store that did not end.'),
    output: choice(
      '--output <FORMAT>',
      'table, a summary for people, or json: the whole report, docs/sweep-report.schema.json. Otherwise table.',
      ['table', 'json'],
    ),
    open: flag('--open', 'Open the report with the program that this machine has for it.'),
    ...STORE_OPTION,
    ...CONFIG_OPTION,
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'The registry of the credentials, by the steward.yaml of this folder:', line: 'sweep --open' },
    {
      about: 'Two regions of two accounts:',
      line: 'sweep --region eu-central-1 --regions us-east-1 --accounts 222222222222',
    },
    { about: 'Going on after Ctrl-C:', line: 'sweep --resume' },
  ],
  run: async (_words, options, io) => (await import('../sweep/sweep.ts')).sweep(options, io),
})
