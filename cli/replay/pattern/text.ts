import { isObject, PatternError } from './error.ts'
import { wildcard } from './wildcard.ts'

export type Test = (value: unknown) => boolean

const fold = (text: string): string => text.toLowerCase()

/** The single `operator: operand` of an object. @throws {PatternError} */
export function onlyEntry(object: Record<string, unknown>, path: string): [string, unknown] {
  const [first, ...more] = Object.entries(object)
  if (!first) throw new PatternError(path, 'an operator is missing')
  if (more.length > 0) throw new PatternError(path, 'only one operator is allowed in a match expression')
  return first
}

const onText =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value)

function affix(operator: 'prefix' | 'suffix', operand: unknown, path: string): Test {
  const of = (text: string, part: string): boolean =>
    operator === 'prefix' ? text.startsWith(part) : text.endsWith(part)
  if (typeof operand === 'string') return onText((text) => of(text, operand))
  if (isObject(operand)) {
    const [inner, part] = onlyEntry(operand, path)
    if (inner === 'equals-ignore-case' && typeof part === 'string') return onText((text) => of(fold(text), fold(part)))
  }
  throw new PatternError(path, `"${operator}" takes a string or {"equals-ignore-case": string}`)
}

function plain(operator: string, operand: unknown, path: string): string {
  if (typeof operand === 'string') return operand
  throw new PatternError(path, `"${operator}" takes a string`)
}

/** The operators on strings, by name. All of them may also stand in `anything-but`. */
export const TEXT_OPERATORS: Readonly<Record<string, (operand: unknown, path: string) => Test>> = {
  prefix: (operand, path) => affix('prefix', operand, path),
  suffix: (operand, path) => affix('suffix', operand, path),
  'equals-ignore-case': (operand, path) => {
    const expected = fold(plain('equals-ignore-case', operand, path))
    return onText((text) => fold(text) === expected)
  },
  wildcard: (operand, path) => onText(wildcard(plain('wildcard', operand, path), path)),
}
