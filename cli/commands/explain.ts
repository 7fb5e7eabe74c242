import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'

export const explain = command({
  name: 'explain',
  summary: 'Explains a rule: why, its parameters, how to put a fail right, and where it is in force.',
  about: [
    'Where there is a steward.yaml, it also says which lines of it put the rule in force, and for which repositories.',
  ],
  argument: { term: '<RULE>', about: 'Name of the rule, as in steward.yaml.' },
  options: CONFIG_OPTION,
  examples: [
    { about: 'Why tags should not move, and how to see to it:', line: 'explain tag-immutability' },
    { about: 'The same, with another configuration:', line: 'explain tag-immutability --config policies/prod.yaml' },
  ],
  run: async ([rule = ''], { config }, io) => (await import('../rules/explain.ts')).explain(rule, config, io),
})
