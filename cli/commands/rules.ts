import { command } from '../command.ts'
import { flag } from '../option.ts'

export const rules = command({
  name: 'rules',
  summary: 'Lists the rules that steward.yaml can put in force.',
  about: [
    'Each with what it speaks of, how bad a fail is, and the modes that it may have. In a pipe: one rule a line, its fields separated by tabs.',
  ],
  options: { json: flag('--json', 'As JSON.') },
  examples: [
    { about: 'What there is:', line: 'rules' },
    {
      about: 'The rules that ecr-steward can put right by itself:',
      line: `rules --json | jq -r '.rules[] | select(.modes | index("enforce")) | .id'`,
    },
  ],
  run: async (_, { json }, io) => (await import('../rules/list.ts')).list(json, io),
})
