import type { Exit } from './exit.ts'
import type { Io } from './io.ts'
import type { Options, Values } from './option.ts'

type Described = {
  /** The words after `ecr-steward`: `config validate`. */
  readonly name: string
  /** One sentence, for lists of commands. */
  readonly summary: string
  /** Paragraphs, for its own help. */
  readonly about: readonly string[]
  /** What follows the name, as commander writes it: `[REPOSITORY...]`, `<FILE> <REPOSITORY...>`. */
  readonly argument?: { readonly term: string; readonly about: string }
  /** Real ones: what one does, and the words after `ecr-steward`. */
  readonly examples: readonly { readonly about: string; readonly line: string }[]
}

type Written<O extends Options> = Described & {
  readonly options: O
  /** What takes time to load is imported here, not at the top of the file: every command starts as fast as `--version`. */
  run(words: readonly string[], options: Values<O>, io: Io): Promise<Exit>
}

/** A command as everybody else sees it. */
export type Command = Described & {
  readonly options: Options
  run(words: readonly string[], options: Readonly<Record<string, unknown>>, io: Io): Promise<Exit>
}

/** A command: its file in `commands/`, and a line in `commands.ts`. */
export const command = <const O extends Options>({ run, ...described }: Written<O>): Command => ({
  ...described,
  // The program has read every option as the option says.
  run: (words, options, io) => run(words, options as Values<O>, io),
})
