import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { STORE_OPTION } from '../clean-up/options.ts'
import { command } from '../command.ts'
import { text } from '../option.ts'

export const cleanUpStop = command({
  name: 'clean-up stop',
  summary: 'Keeps every clean-up of the registry from removing anything more.',
  about: [
    'A switch in the store, which is looked at before each batch: also by the function of the stack, with its --store. A batch that is under way ends.',
  ],
  options: {
    reason: text('--reason <TEXT>', 'Why, for whoever finds it stopped. Otherwise no reason is given.'),
    ...STORE_OPTION,
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'What runs with the folder of this directory:', line: 'clean-up stop --reason "release week"' },
    {
      about: 'The clean-up of the stack, at once:',
      line: 'clean-up stop --store s3://ecr-steward-clean-up --reason "incident 42"',
    },
  ],
  run: async (_, options, io) => (await import('../clean-up/stop.ts')).cleanUpStop(options, io),
})
