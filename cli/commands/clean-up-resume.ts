import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { STORE_OPTION } from '../clean-up/options.ts'
import { command } from '../command.ts'

export const cleanUpResume = command({
  name: 'clean-up resume',
  summary: 'Lets clean-ups run again after clean-up stop.',
  about: ['Says who had stopped them, and why.'],
  options: { ...STORE_OPTION, ...AWS_OPTIONS },
  examples: [
    { about: 'With the folder of this directory:', line: 'clean-up resume' },
    { about: 'That of the stack:', line: 'clean-up resume --store s3://ecr-steward-clean-up' },
  ],
  run: async (_, options, io) => (await import('../clean-up/stop.ts')).cleanUpResume(options, io),
})
