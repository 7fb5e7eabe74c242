import { exitCodes } from './exit.ts'

/** What `ecr-steward help TOPIC` explains beside the commands. */
export const TOPICS: Readonly<Record<string, { readonly about: string; readonly text: () => string }>> = {
  'exit-codes': {
    about: 'What every exit code means.',
    text: () => `Exit codes, the same for every command:

${exitCodes()}

A fail is certain, so it is not hidden by something else that could not be judged; how many could not is
in the closing line and in the JSON. Where nothing fails, what is unknown is never a pass.`,
  },
}
