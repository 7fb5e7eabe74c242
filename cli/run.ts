import { CommanderError } from 'commander'
import { show } from '../config/fault.ts'
import { didYouMean } from '../config/suggest.ts'
import { CommandError } from './command-error.ts'
import { COMMANDS } from './commands.ts'
import { EXIT, type Exit } from './exit.ts'
import type { Io } from './io.ts'
import { createProgram, NAME } from './program.ts'
import { oneLine, painter } from './terminal.ts'
import { TOPICS } from './topics.ts'

const isCommand = (words: string): boolean =>
  words === '' || COMMANDS.some(({ name }) => name === words || name.startsWith(`${words} `))

/** `help config show` is `config show --help`; what is no command is left for commander to say so. */
function asOption(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv
  if (first !== 'help') return argv
  return isCommand(rest.join(' ')) ? [...rest, '--help'] : rest
}

/** What is neither command nor topic is left for commander, unless a topic is near. @throws {CommandError} */
function checkTopic([first, word = '', ...more]: readonly string[]): void {
  if (first !== 'help' || more.length > 0 || isCommand(word)) return
  const near = didYouMean(word, Object.keys(TOPICS))
  if (near) throw new CommandError('usage', `There is no command and no topic ${show(word)}${near}`)
}

async function dispatch(argv: readonly string[], io: Io): Promise<Exit> {
  const topic = argv[0] === 'help' && TOPICS[argv[1] ?? '']
  if (topic) {
    io.stdout.write(`${topic.text()}\n`)
    return 'pass'
  }
  checkTopic(argv)
  let ended: Exit = 'pass'
  const program = createProgram(io, (exit) => {
    ended = exit
  })
  await program.parseAsync(asOption(argv), { from: 'user' })
  return ended
}

function tell({ message, next }: CommandError, { stderr }: Io): void {
  const paint = painter(stderr)
  const [first = '', ...more] = message.split('\n')
  stderr.write(`${paint('red', 'error:')} ${oneLine(first)}\n`)
  for (const line of [...more, ...next.map((step) => `  ${step}`)]) stderr.write(`${oneLine(line)}\n`)
}

/** What was thrown, told as its reader needs it. A fault of ours is told with its stack, and is never "the policy says no". */
function endOf(error: unknown, io: Io): Exit {
  // Commander has said it, or has shown the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'pass' : 'usage'
  if (error instanceof CommandError) {
    tell(error, io)
    return error.exit
  }
  // `ConfigError` of config/load.ts: its message is ready to print, and the module need not be loaded for this.
  if (error instanceof Error && error.name === 'ConfigError') {
    tell(new CommandError('usage', error.message), io)
    return 'usage'
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const lines = [`${NAME} itself went wrong, and nothing is judged:`, ...stack.split('\n')]
  for (const line of lines) io.stderr.write(`${oneLine(line)}\n`)
  return 'unknown'
}

/**
 * Runs one command.
 * @param argv the words after the name of the program
 * @returns the exit code
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return EXIT[await dispatch(argv, io)].code
  } catch (error) {
    return EXIT[endOf(error, io)].code
  }
}
