import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag, text, texts } from '../option.ts'

const { region, profile, verbose } = AWS_OPTIONS

export const release = command({
  name: 'release',
  summary: 'Gives an image in quarantine its tags back; without --yes it shows what that would do.',
  about: [
    'An image that failed a rule with quarantine: true when it was pushed has lost its tags to tags of quarantine: docs/quarantine.md. This takes it back, tag by tag. A tag that names another image by now stays there, and the tag of quarantine too.',
    'The release is remembered in the table of the stack: events do not bring the image back for the same verdicts, and do for others. In the journal is who did it, and why.',
    'Exit code 0 where all of it is released, or would be; 3 where something stays in quarantine; 2 where there is nothing to release. It may be run again: what is done is left alone.',
  ],
  argument: {
    term: '<IMAGE>',
    about: 'REPOSITORY@DIGEST, REPOSITORY:TAG with the tag that it had, or the URI of an image, as the alert has it.',
  },
  options: {
    yes: flag('--yes', 'Do it. Without it nothing is changed.'),
    tag: texts(
      '--tag <TAG>',
      'A tag that it had, to release that one alone; may be given several times. Otherwise all.',
    ),
    reason: text('--reason <TEXT>', 'Why, for the journal. Otherwise it says who did it alone.'),
    table: text(
      '--table <TABLE>',
      'Name or ARN of the table that the steward remembers the image in, as the alert has it for other accounts and regions. Otherwise that of the stack in the region of the image.',
    ),
    json: flag('--json', 'As JSON.'),
    ...CONFIG_OPTION,
    ...{ region, profile, verbose },
  },
  examples: [
    { about: 'What would be released:', line: 'release prod/api:1.4.2' },
    { about: 'All its tags, with the reason:', line: `release prod/api:1.4.2 --reason 'accepted in OPS-12' --yes` },
    {
      about: 'One tag alone:',
      line: 'release prod/api@sha256:4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293 --tag 1.4.2 --yes',
    },
  ],
  run: async ([word = ''], options, io) => (await import('../release/release.ts')).release(word, options, io),
})
