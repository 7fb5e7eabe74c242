import type { Command } from '../cli/command.ts'
import { COMMANDS } from '../cli/commands.ts'
import { EXIT } from '../cli/exit.ts'
import { NAME } from '../cli/program.ts'
import { TOPICS } from '../cli/topics.ts'

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0 ? [] : [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells)), '']

const anchorOf = ({ name }: Command): string => `${NAME}-${name}`.replaceAll(' ', '-')

function section(command: Command): readonly string[] {
  const { name, summary, about, argument, options, examples } = command
  const usage = [NAME, name, '[options]', ...(argument ? [argument.term] : [])].join(' ')
  const rows = [
    ...(argument ? [[code(argument.term), argument.about]] : []),
    ...Object.values(options).map((option) => [code(option.flags), option.about]),
  ]
  return [
    ...[`## ${NAME} ${name}`, '', summary, ''],
    ...about.flatMap((paragraph) => [paragraph, '']),
    ...['```console', `$ ${usage}`, '```', ''],
    ...tableOf(['argument or option', ''], rows),
    '```console',
    ...examples.flatMap((example, index) => [
      ...(index > 0 ? [''] : []),
      `# ${example.about.replace(/:$/, '')}`,
      `$ ${NAME} ${example.line}`,
    ]),
    ...['```', ''],
  ]
}

/** The manual of the command line, made from the commands. */
export const cliPage = (): string =>
  [
    '<!-- Generated from cli/commands by npm run schemas. -->',
    '',
    '# The command line',
    '',
    'From a checkout: `npm run -s steward -- ARGS`. As a package: `npx ecr-steward ARGS`. It reads AWS; only commands with `--yes` change anything in a registry. Plans, and sweeps with their reports, are written to a folder of this machine, or to the bucket that `--store` names.',
    '',
    ...tableOf(
      ['command', ''],
      COMMANDS.map((command) => [`[${code(command.name)}](#${anchorOf(command)})`, command.summary]),
    ),
    ...COMMANDS.flatMap(section),
    ...['## Environment', '', '```text', TOPICS.environment?.text() ?? '', '```', ''],
    '## Exit codes',
    '',
    ...tableOf(
      ['code', 'when'],
      Object.values(EXIT).map(({ code: number, when }) => [String(number), when]),
    ),
    'A fail is certain, so it is not hidden by something else that could not be judged. Where nothing fails, what is unknown is never a pass.',
    '',
  ].join('\n')
