import type { Command } from '../command.ts'
import type { Option } from '../option.ts'
import { type Kind, kindOfArgument, kindOfOption, type Source } from './kinds.ts'

/** Something that the word under the cursor may become. */
export type Candidate = { readonly value: string; readonly about: string }

export type Answer = {
  readonly candidates: readonly Candidate[]
  /** Whether the shell is to offer files. */
  readonly files: boolean
  /** Whether the word is not at its end with a candidate: no space comes behind it. */
  readonly goesOn: boolean
}

/** What there is to choose from of a kind, by the options that are given already. */
export type LookUp = (source: Source, given: ReadonlyMap<string, string>) => Promise<readonly string[]>

/** What is completed: commands as they are listed, what groups of them and topics of `help` are about. */
export type Known = {
  readonly commands: readonly Command[]
  readonly groups: Readonly<Record<string, string>>
  readonly topics: Readonly<Record<string, { readonly about: string }>>
}

const NOTHING: Answer = { candidates: [], files: false, goesOn: false }

/** One line, as far as its first end of a sentence. */
const brief = (about: string): string =>
  (about.split(/(?<=[.:;]) /, 1)[0] ?? '').replace(/[.:;]$/, '').replace(/\s+/g, ' ')

const matching = (current: string, candidates: readonly Candidate[]): Answer => ({
  ...NOTHING,
  candidates: candidates.filter(({ value }) => value.startsWith(current)),
})

/** Words that may come after `before`, which is the beginning of commands. */
function nextWords(before: readonly string[], { commands, groups }: Known): readonly Candidate[] {
  const found = new Map<string, string>()
  for (const { name, summary } of commands) {
    const words = name.split(' ')
    const value = words[before.length]
    if (value === undefined || !before.every((word, index) => word === words[index])) continue
    const isLast = words.length === before.length + 1
    found.set(value, isLast ? summary : (groups[value] ?? ''))
  }
  return [...found].map(([value, about]) => ({ value, about: brief(about) }))
}

const longOf = ({ flags }: Option): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags

/** `-v` and `--verbose` of one that has both. */
const namesOf = ({ flags }: Option): readonly string[] => flags.match(/(?<![\w-])--?[a-z-]+/g) ?? []

type Read = {
  /** Options that are given, by their long names. */
  readonly given: ReadonlyMap<string, string>
  /** How many arguments are given. */
  readonly position: number
  /** The option whose value the word under the cursor is. */
  readonly awaited: Option | undefined
  /** Whether `--` has said that only arguments follow. */
  readonly ended: boolean
}

/** What the words before the one under the cursor are to a command. */
function read(words: readonly string[], options: readonly Option[]): Read {
  const given = new Map<string, string>()
  let [position, awaited, ended]: [number, Option | undefined, boolean] = [0, undefined, false]
  for (const word of words) {
    if (awaited) {
      given.set(longOf(awaited), word)
      awaited = undefined
    } else if (ended || !word.startsWith('-')) position++
    else if (word === '--') ended = true
    else {
      const [name = '', value] = word.split(/=(.*)/s)
      const option = options.find((one) => namesOf(one).includes(name))
      if (option) given.set(longOf(option), value ?? '')
      awaited = option?.read && value === undefined ? option : undefined
    }
  }
  return { given, position, awaited, ended }
}

const HELP: Candidate = { value: '--help', about: 'Show this help' }

const optionWords = (options: readonly Option[], given: ReadonlyMap<string, string>): readonly Candidate[] => [
  ...options
    .filter((option) => Array.isArray(option.otherwise) || !given.has(longOf(option)))
    .map((option) => ({ value: longOf(option), about: brief(option.about) })),
  HELP,
]

/** A command that is named whole, and the words behind its name; the last one is under the cursor. */
type Named = { readonly command: Command; readonly words: readonly string[] }

function commandIn(words: readonly string[], { commands }: Known): Named | undefined {
  const named = commands.filter(({ name }) => `${words.slice(0, -1).join(' ')} `.startsWith(`${name} `))
  const [command] = named.toSorted((a, b) => b.name.length - a.name.length)
  return command && { command, words: words.slice(command.name.split(' ').length) }
}

async function ofKind(kind: Kind, current: string, given: Read['given'], lookUp: LookUp): Promise<Answer> {
  if (kind === undefined) return NOTHING
  if (kind === 'file') return { ...NOTHING, files: true }
  if (typeof kind !== 'string')
    return matching(
      current,
      kind.map((value) => ({ value, about: '' })),
    )
  if (kind === 'image' && /[:@]/.test(current)) return NOTHING
  const values = await lookUp(kind === 'image' ? 'repository' : kind, given)
  // A repository is the beginning of an image.
  const end = kind === 'image' ? ':' : ''
  return {
    ...matching(
      current,
      values.map((value) => ({ value: `${value}${end}`, about: '' })),
    ),
    goesOn: end !== '',
  }
}

/** The value of an option: nothing is offered of `FORMAT=FILE` but the format, and then files. */
const ofOption = (option: Option, current: string, given: Read['given'], lookUp: LookUp): Promise<Answer> =>
  ofKind(current.includes('=') ? 'file' : kindOfOption(option), current, given, lookUp)

async function ofCommand({ command, words }: Named, lookUp: LookUp): Promise<Answer> {
  const options = Object.values(command.options)
  const current = words.at(-1) ?? ''
  const { given, position, awaited, ended } = read(words.slice(0, -1), options)
  if (awaited) return ofOption(awaited, current, given, lookUp)
  if (ended || !current.startsWith('-')) return ofKind(kindOfArgument(command, position), current, given, lookUp)
  const [name = '', value] = current.split(/=(.*)/s)
  const option = options.find((one) => namesOf(one).includes(name))
  if (value === undefined) return matching(current, optionWords(options, given))
  return option?.read ? ofOption(option, value, given, lookUp) : NOTHING
}

const unquoted = (word: string): string => word.replace(/^(['"])(.*)\1$/s, '$2')

/**
 * What the last word of a command line may become.
 * @param words those after the name of the program; the last one is under the cursor, and may be empty
 */
export async function answerTo(words: readonly string[], known: Known, lookUp: LookUp): Promise<Answer> {
  const [plain, current] = [words.map(unquoted), words.at(-1) ?? '']
  const named = commandIn(plain, known)
  if (named) return ofCommand(named, lookUp)
  const before = plain.slice(0, -1)
  if (current.startsWith('-')) return matching(current, [HELP, { value: '--version', about: 'Show the version' }])
  if (before[0] !== 'help') {
    const help = { value: 'help', about: 'Show the help of a command, or of a topic' }
    return matching(current, [...nextWords(before, known), ...(before.length === 0 ? [help] : [])])
  }
  const topics = Object.entries(known.topics).map(([value, { about }]) => ({ value, about: brief(about) }))
  return matching(current, [...nextWords(before.slice(1), known), ...(before.length === 1 ? topics : [])])
}
