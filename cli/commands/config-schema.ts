import { command } from '../command.ts'

export const configSchema = command({
  name: 'config schema',
  summary: 'Writes the JSON Schema of steward.yaml, for editors.',
  about: ['An editor with a YAML language server completes and checks steward.yaml by it.'],
  options: {},
  examples: [
    { about: 'A schema beside the configuration:', line: 'config schema > steward.schema.json' },
    { about: 'The rules that policy may name:', line: `config schema | jq '.properties.policy'` },
  ],
  run: async (_words, _options, io) => (await import('../config/schema.ts')).writeSchema(io),
})
