import { show } from '../config/fault.ts'
import { didYouMean } from '../config/suggest.ts'

/** What is given for an input → words of the command line. One word for option and value: no value is taken for an option. */
type Words = (value: string, input: string) => readonly string[]

/** Inputs that do not fit, in one sentence. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

const option: Words = (value, input) => [`--${input}=${value}`]

/** As YAML 1.2 has it. `false` is as if it were not given. */
const flag: Words = (value, input) => {
  if (/^(?:true|True|TRUE)$/.test(value)) return [`--${input}`]
  if (/^(?:false|False|FALSE)$/.test(value)) return []
  throw new InputError(`The input ${input} is ${show(value)}. Expected: true or false.`)
}

const perLine: Words = (value, input) =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => `--${input}=${line}`)

/** Every input of `action.yml` but the image. */
export const INPUTS: Readonly<Record<string, Words>> = {
  'max-critical': option,
  'max-high': option,
  'max-medium': option,
  'max-low': option,
  'fixable-only': flag,
  'new-since': option,
  rules: flag,
  'start-scan': flag,
  timeout: option,
  'on-unknown': option,
  config: option,
  region: option,
  output: perLine,
  'digest-file': option,
}

const IMAGE = 'image'

const PREFIX = 'INPUT_'

/** The inputs that are given, by their names. The runner passes one that is left out as an empty text, or not at all. */
function inputsIn(env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const given = Object.entries(env).flatMap(([name, value = '']): [string, string][] =>
    name.startsWith(PREFIX) && value.trim() !== '' ? [[name.slice(PREFIX.length).toLowerCase(), value.trim()]] : [],
  )
  return new Map(given)
}

/** A limit with a slip of the pen must not be a limit that nobody keeps: the runner only warns of it. */
function checkNames(names: Iterable<string>): void {
  const known = [IMAGE, ...Object.keys(INPUTS)]
  for (const name of names)
    if (!known.includes(name))
      throw new InputError(
        `There is no input ${show(name)}${didYouMean(name, known) || `. There are: ${known.join(', ')}.`}`,
      )
}

/** Whether it is written to the log, and not to a file. */
const isInLog = (word: string): boolean => /^--output=[^=]*$/.test(word)

/**
 * The command line that the inputs stand for. The table is written to the log, unless another format is.
 * @param env with `INPUT_MAX-HIGH` for the input max-high, as the runner sets it
 * @param result absolute path of the file that gets the result as JSON
 * @throws {InputError}
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs
 */
export function argvOf(env: NodeJS.ProcessEnv, result: string): readonly string[] {
  const given = inputsIn(env)
  checkNames(given.keys())
  const image = given.get(IMAGE)
  if (image === undefined)
    throw new InputError('The input image is missing: REPOSITORY:TAG, REPOSITORY@sha256:…, or a URI.')
  const words = Object.entries(INPUTS).flatMap(([input, wordsOf]) => {
    const value = given.get(input)
    return value === undefined ? [] : wordsOf(value, input)
  })
  const log = words.some(isInLog) ? [] : ['--output=table']
  return ['gate', ...words, ...log, `--output=json=${result}`, '--', image]
}
