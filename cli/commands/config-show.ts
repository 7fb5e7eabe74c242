import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'

export const configShow = command({
  name: 'config show',
  summary:
    'Shows which rules, exceptions, clean-up and sweep apply to a repository, and from which line of steward.yaml.',
  about: [
    'For each rule the first entry decides that matches the repository and names the rule; what it overrides is shown too. The repository need not exist.',
  ],
  argument: { term: '<REPOSITORY>', about: 'Name or URI of the repository.' },
  options: CONFIG_OPTION,
  examples: [
    { about: 'What is asked of prod/api:', line: 'config show prod/api' },
    {
      about: 'The rules that are in force there, by name:',
      line: `config show prod/api | awk -F '\\t' '$1 == "rule" && $5 != "off" { print $3 }'`,
    },
  ],
  run: async ([repository = ''], { config }, io) => (await import('../config/show.ts')).show(repository, config, io),
})
