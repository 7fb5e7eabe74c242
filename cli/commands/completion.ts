import { command } from '../command.ts'

export const completion = command({
  name: 'completion',
  summary: 'Writes the script with which a shell completes commands, options, values and repositories.',
  about: [
    'For bash, zsh, fish and powershell. It is read when the shell starts: put it where the shell looks for such files, or into its profile. PowerShell: ecr-steward completion powershell | Out-String | Invoke-Expression.',
    'Names of repositories are those of the registry that the line is about. They are asked for where the environment has credentials or a profile, for no longer than a second, and kept for five minutes in the folder for caches.',
  ],
  argument: { term: '<SHELL>', about: 'bash, zsh, fish or powershell.' },
  options: {},
  examples: [
    {
      about: 'Bash, for whoever runs it:',
      line: 'completion bash > ~/.local/share/bash-completion/completions/ecr-steward',
    },
    { about: 'Zsh, in a folder of its fpath:', line: 'completion zsh > ~/.zsh/completions/_ecr-steward' },
    { about: 'Fish:', line: 'completion fish > ~/.config/fish/completions/ecr-steward.fish' },
  ],
  run: async ([shell = ''], _options, io) => (await import('../completion/completion.ts')).completion(shell, io),
})
