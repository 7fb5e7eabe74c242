import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag, text } from '../option.ts'

const { region, profile, verbose } = AWS_OPTIONS

export const replay = command({
  name: 'replay',
  summary: 'Tells what the stack would do about an event, without an AWS account.',
  about: [
    'For each event: the rule of the stack that would let it through, or what the rules miss in it; what the function would decide, and why; the alert as a person would get it; and the calls that would be made, in their order. The functions are those of the stack. No account is asked, and nothing is written or sent.',
    'A file holds an EventBridge event, an array of them, one a line, a batch as a function is handed it, or messages as aws sqs receive-message prints them, as out of a dead-letter queue; - is stdin. Events that come close together in one file are one batch, as the queues would gather it.',
    'What rests on reads alone is undecided; with --live they are made. What was told before is not known, so everything counts as news; what one event tells is known to the next.',
    'On a terminal it is a story. In a pipe each event is a line of fields separated by tabs: outcome, event, rule, function, title of the alert, channels, reason. It ends with 3 where an event is not what AWS documents: the reason names the field, and what was expected there.',
  ],
  argument: { term: '<FILE...>', about: 'Files with events; - for stdin.' },
  options: {
    live: flag('--live', 'Read from AWS what a function would read. Nothing is written or sent all the same.'),
    json: flag('--json', 'A line of JSON for each event: docs/replay.schema.json.'),
    home: text(
      '--home <ACCOUNT/REGION>',
      'Registry of the stack. Otherwise that of the queue an event comes from, or of most events; with --live, of the credentials.',
    ),
    ...CONFIG_OPTION,
    ...{ region, profile, verbose },
  },
  examples: [
    { about: 'An event that was saved:', line: 'replay event.json' },
    { about: 'As a program reads it:', line: 'replay event.json --json' },
    { about: 'By what ECR says of the image now:', line: 'replay event.json --live --region eu-central-1' },
  ],
  run: async (words, options, io) => (await import('../replay/replay.ts')).replay(words, options, io),
})
