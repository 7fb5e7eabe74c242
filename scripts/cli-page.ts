import type { Command } from '../cli/command.ts'
import { COMMANDS, GROUPS } from '../cli/commands.ts'
import { EXIT } from '../cli/exit.ts'
import { NAME } from '../cli/program.ts'
import { TOPICS } from '../cli/topics.ts'

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0 ? [] : [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells)), '']

const fenced = (language: string, lines: readonly string[]): readonly string[] => [
  ...[`\`\`\`${language}`, ...lines],
  ...['```', ''],
]

const anchorOf = (name: string): string => `${NAME}-${name}`.replaceAll(' ', '-')

/** Columns of a synopsis: what a page shows without scrolling. */
const WIDTH = 100

/** The command with all that it takes, as a manual page has it, on as many lines as that needs. */
export function synopsis({ name, argument, options }: Command): readonly string[] {
  const words = [...Object.values(options).map(({ flags }) => `[${flags.replace(', ', '|')}]`), argument?.term ?? '']
  const lines = [`${NAME} ${name}`]
  for (const word of words.filter(Boolean)) {
    const longer = `${lines.at(-1)} ${word}`
    if (longer.length <= WIDTH) lines[lines.length - 1] = longer
    else lines.push(`    ${word}`)
  }
  return lines
}

function section(command: Command): readonly string[] {
  const { name, summary, about, argument, options, examples } = command
  const rows = [
    ...(argument ? [[code(argument.term), argument.about]] : []),
    ...Object.values(options).map((option) => [code(option.flags), option.about]),
  ]
  return [
    ...[`## ${NAME} ${name}`, '', summary, ''],
    ...fenced('text', synopsis(command)),
    ...about.flatMap((paragraph) => [paragraph, '']),
    ...tableOf(['argument or option', ''], rows),
    ...fenced(
      'console',
      examples.flatMap((example, index) => [
        ...(index > 0 ? [''] : []),
        `# ${example.about.replace(/:$/, '')}`,
        `$ ${NAME} ${example.line}`,
      ]),
    ),
  ]
}

const groupOf = ({ name }: Command): string => (name.includes(' ') ? (name.split(' ')[0] ?? '') : '')

/** The commands by their groups, those of one word first. */
const contents = (): readonly string[] =>
  [...Map.groupBy(COMMANDS, groupOf)].flatMap(([group, commands]) => [
    ...(group === '' ? [] : [`**${group}**: ${GROUPS[group]}`, '']),
    ...tableOf(
      ['command', ''],
      commands.map(({ name, summary }) => [`[${code(name)}](#${anchorOf(name)})`, summary]),
    ),
  ])

const topic = (name: string): readonly string[] => fenced('text', (TOPICS[name]?.text() ?? '').split('\n'))

/** The manual of the command line, made from the commands. */
export const cliPage = (): string =>
  [
    '<!-- Generated from cli/commands by npm run schemas. -->',
    '',
    '# The command line',
    '',
    'From a checkout: `npm run -s steward -- ARGS`. As a package: `npx ecr-steward ARGS`. It reads AWS; only commands with `--yes` change anything in a registry. Plans, and sweeps with their reports, are written to a folder of this machine, or to the bucket that `--store` names.',
    '',
    `The same by \`${NAME} help\`, \`${NAME} COMMAND --help\` and \`${NAME} help TOPIC\`. For all commands: [environment](#environment), [files](#files), [exit codes](#exit-codes).`,
    '',
    ...contents(),
    ...COMMANDS.flatMap(section),
    ...['## Environment', '', ...topic('environment')],
    ...['## Files', '', ...topic('files')],
    '## Exit codes',
    '',
    ...tableOf(
      ['code', 'when'],
      Object.values(EXIT).map(({ code: number, when }) => [String(number), when]),
    ),
    'A fail is certain, so it is not hidden by something else that could not be judged. Where nothing fails, what is unknown is never a pass.',
    '',
  ].join('\n')
