import { type Argument, Command as Commander, Option as CommanderOption, type OutputConfiguration } from 'commander'
import type { Command } from './command.ts'
import { COMMANDS, GROUPS } from './commands.ts'
import type { Exit } from './exit.ts'
import type { Io } from './io.ts'
import type { Option, Options } from './option.ts'
import { columnsOf, oneLine, painter } from './terminal.ts'
import { TOPICS } from './topics.ts'
import { VERSION } from './version.ts'

export const NAME = 'ecr-steward'

const ABOUT = 'Judges the repositories and images of Amazon ECR by the policy in steward.yaml.'

function toCommander({ flags, about, read, otherwise }: Option): CommanderOption {
  const option = new CommanderOption(flags, about)
  return read ? option.argParser((given: string, before: unknown) => read(given, before ?? otherwise)) : option
}

/** Commander keeps `--no-ci` as the opposite of `ci`. */
function readOption(option: Option, given: Readonly<Record<string, unknown>>): unknown {
  const known = toCommander(option)
  const value = given[known.attributeName()]
  return known.negate ? value === false : (value ?? option.otherwise)
}

const valuesOf = (options: Options, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [name, readOption(option, given)]))

const examplesOf = ({ examples }: Command, bold: (text: string) => string): string =>
  [`\n${bold('Examples:')}`, ...examples.map(({ about, line }) => `  ${about}\n    $ ${NAME} ${line}\n`)]
    .join('\n')
    .trimEnd()

const topicsOf = (bold: (text: string) => string): string =>
  [`\n${bold('More:')}`, ...Object.entries(TOPICS).map(([name, { about }]) => `  ${NAME} help ${name}  ${about}`)].join(
    '\n',
  )

/** The command itself, or the group of commands that `words` name, made where it is not there yet. */
function groupOf(parent: Commander, words: readonly string[]): Commander {
  const [word, ...rest] = words
  if (word === undefined) return parent
  const group = parent.commands.find((known) => known.name() === word)
  if (group) return groupOf(group, rest)
  const made = parent
    .command(word)
    .summary(GROUPS[word] ?? '')
    .description(GROUPS[word] ?? '')
  return groupOf(made.helpCommand(false), rest)
}

type Frame = { readonly io: Io; readonly bold: (text: string) => string; readonly end: (exit: Exit) => void }

function add(program: Commander, command: Command, { io, bold, end }: Frame): void {
  const words = command.name.split(' ')
  const added = groupOf(program, words.slice(0, -1)).command(words.at(-1) ?? '')
  added.summary(command.summary).description([command.summary, ...command.about].join('\n\n'))
  const { term = '', about = '' } = command.argument ?? {}
  const terms = term.split(' ').filter(Boolean)
  for (const [index, one] of terms.entries()) added.argument(one, index < terms.length - 1 ? '' : about)
  for (const option of Object.values(command.options)) added.addOption(toCommander(option))
  added.helpOption('-h, --help', 'Show this help.').addHelpText('after', examplesOf(command, bold))
  added.showHelpAfterError(`${NAME} ${command.name} --help shows what there is.`)
  added.action(async () => end(await command.run(added.args, valuesOf(command.options, added.opts()), io)))
}

const argumentOf = (argument: Argument): string => {
  const name = argument.variadic ? `${argument.name()}...` : argument.name()
  return argument.required ? `<${name}>` : `[${name}]`
}

/** `explain <RULE>`: that there are options goes without saying. */
const termOf = (command: Commander): string =>
  [command.name(), ...command.registeredArguments.map(argumentOf)].join(' ')

/** Commander repeats what was typed, whatever that is. */
const safely = (text: string): string =>
  text
    .split('\n')
    .map((line) => oneLine(line))
    .join('\n')

/** Lines of help are no longer than a person reads with ease. */
const WIDEST = 100

const outputTo = ({ stdout, stderr }: Io): OutputConfiguration => ({
  writeOut: (text) => stdout.write(text),
  writeErr: (text) => stderr.write(text),
  outputError: (text, write) => write(safely(text)),
  getOutHelpWidth: () => Math.min(columnsOf(stdout), WIDEST),
  getErrHelpWidth: () => Math.min(columnsOf(stderr), WIDEST),
  // The painter has decided already.
  getOutHasColors: () => true,
  getErrHasColors: () => true,
})

/**
 * Every command as commander knows it. Nothing of it ends the process: what is wrong is thrown as `CommanderError`.
 * @param end is told how the command ended
 */
export function createProgram(io: Io, end: (exit: Exit) => void): Commander {
  const paint = painter(io.stdout)
  const bold = (text: string): string => paint('bold', text)
  const program = new Commander(NAME)
    .description(ABOUT)
    .version(VERSION, '-V, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand(false)
    .exitOverride()
    .configureOutput(outputTo(io))
    .configureHelp({ styleTitle: bold, subcommandTerm: termOf })
    .showHelpAfterError(`${NAME} --help shows what there is.`)
    .addHelpText('after', topicsOf(bold))
  for (const command of COMMANDS) add(program, command, { io, bold, end })
  return program
}
