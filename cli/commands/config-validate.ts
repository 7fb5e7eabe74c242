import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag } from '../option.ts'

export const configValidate = command({
  name: 'config validate',
  summary: 'Shows all that is wrong or doubtful in steward.yaml, with the lines that it is in.',
  about: [
    'Faults end with exit code 2. Warnings do not: among them are exceptions that have expired, or will within two weeks.',
    'With --live it also looks into the account, for exceptions that nothing needs any more.',
  ],
  options: {
    live: flag('--live', 'Look into the account for exceptions that match nothing any more.'),
    ...CONFIG_OPTION,
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'Before a commit:', line: 'config validate' },
    { about: 'Which exceptions can go:', line: 'config validate --live --region eu-central-1' },
  ],
  run: async (_, options, io) => (await import('../config/validate.ts')).validate(options, io),
})
