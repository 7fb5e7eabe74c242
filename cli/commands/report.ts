import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { flag, type Option, text } from '../option.ts'
import { choice, FORMATS, STORE_OPTION } from '../sweep/options.ts'

const id: Option<string> = {
  flags: '--id <ID>',
  about: 'Sweep, as --list has it. Otherwise latest: the newest that ended.',
  otherwise: 'latest',
  read: (given) => given,
}

const { region, profile } = AWS_OPTIONS

export const report = command({
  name: 'report',
  summary: 'Shows, writes or opens the report of a sweep.',
  about: [
    'Of the sweeps of this machine, without a call of AWS; with --store s3://BUCKET, of those of the stack.',
    'Without --output the HTML is a file, whose path is written; the other formats are written to standard output. The exit code is 0 whatever the verdict is: that of ecr-steward sweep tells it.',
  ],
  options: {
    id,
    format: choice('--format <FORMAT>', 'html, json, csv or md. Otherwise html.', FORMATS),
    output: text(
      '--output <FILE>',
      'File to write the report to; - for standard output. Otherwise a file of the store for html, standard output for the rest.',
    ),
    open: flag('--open', 'Open it with the program that this machine has for it.'),
    list: flag('--list', 'List the sweeps: when they ended, their verdicts, how much was judged, their scores.'),
    ...STORE_OPTION,
    ...{ region, profile },
  },
  examples: [
    { about: 'The newest sweep of this machine, in the browser:', line: 'report --open' },
    {
      about: 'Score, name and critical findings of the ten worst repositories, of the newest sweep of the stack:',
      line: `report --store s3://ecr-steward-sweep --format json | jq -r '.repositories[:10][] | [.score, .repository, .findings.CRITICAL // 0] | @tsv'`,
    },
    { about: 'Which sweeps there are:', line: 'report --list' },
  ],
  run: async (_words, options, io) => (await import('../sweep/report.ts')).report(options, io),
})
