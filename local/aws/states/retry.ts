import { InvalidDefinition, type StateError } from './errors.ts'
import { Fields } from './fields.ts'
import type { Json } from './json.ts'
import { compileResultPath } from './path.ts'

/** Errors that nothing but their own name matches. */
const NOT_IN_ALL: ReadonlySet<string> = new Set(['States.DataLimitExceeded', 'States.Runtime'])

/**
 * Whether a list of names is about an error.
 * @see https://states-language.net/spec.html#appendix-a
 */
function isAbout(names: readonly string[], error: string): boolean {
  if (names.includes(error)) return true
  if (NOT_IN_ALL.has(error)) return false
  return names.includes('States.ALL') || (names.includes('States.TaskFailed') && error !== 'States.Timeout')
}

export type Retrier = {
  matches(error: StateError): boolean
  readonly attempts: number
  /** How long to wait before a try, in ms. @param tries how often it was tried again before @param random 0 to 1 */
  waitMs(tries: number, random: number): number
}

export type Catcher = {
  matches(error: StateError): boolean
  readonly next: string
  place(input: Json, error: Json): Json
}

function namesIn(fields: Fields): readonly string[] {
  const names = fields.list('ErrorEquals')
  if (names.length === 0 || names.some((name) => typeof name !== 'string'))
    throw new InvalidDefinition(fields.at('ErrorEquals'), 'names of errors belong here')
  if (names.includes('States.ALL') && names.length > 1)
    throw new InvalidDefinition(fields.at('ErrorEquals'), 'States.ALL stands alone')
  return names.map(String)
}

const RETRIER = [
  ...['ErrorEquals', 'IntervalSeconds', 'BackoffRate', 'MaxAttempts', 'MaxDelaySeconds', 'JitterStrategy', 'Comment'],
]

/** @throws {InvalidDefinition} */
export function compileRetrier(value: Json, where: string): Retrier {
  const fields = new Fields(value, where, RETRIER)
  const names = namesIn(fields)
  const [interval, rate] = [fields.number('IntervalSeconds', 1) ?? 1, fields.number('BackoffRate', 1) ?? 2]
  const longest = fields.number('MaxDelaySeconds', 1) ?? Number.POSITIVE_INFINITY
  const jitter = fields.text('JitterStrategy') ?? 'NONE'
  if (!['NONE', 'FULL'].includes(jitter)) throw new InvalidDefinition(fields.at('JitterStrategy'), 'it is FULL or NONE')
  return {
    matches: ({ error }) => isAbout(names, error),
    attempts: fields.number('MaxAttempts') ?? 3,
    waitMs(tries, random) {
      const seconds = Math.min(interval * rate ** tries, longest)
      return 1_000 * (jitter === 'FULL' ? random * seconds : seconds)
    },
  }
}

/** @throws {InvalidDefinition} */
export function compileCatcher(value: Json, where: string): Catcher {
  const fields = new Fields(value, where, ['ErrorEquals', 'Next', 'ResultPath', 'Comment'])
  const names = namesIn(fields)
  return {
    matches: ({ error }) => isAbout(names, error),
    next: fields.needText('Next'),
    place: compileResultPath(fields.get('ResultPath'), fields.at('ResultPath')),
  }
}
