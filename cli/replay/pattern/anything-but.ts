import { isObject, PatternError } from './error.ts'
import { onlyEntry, TEXT_OPERATORS, type Test } from './text.ts'

const isLiteral = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'

function literals(operand: unknown, path: string): Test {
  const values = Array.isArray(operand) ? operand : [operand]
  if (values.length === 0) throw new PatternError(path, 'an empty list is not allowed in "anything-but"')
  if (!values.every(isLiteral)) throw new PatternError(path, '"anything-but" takes strings and numbers')
  if (new Set(values.map((value) => typeof value)).size > 1)
    throw new PatternError(path, 'a list in "anything-but" is of strings or of numbers, not of both')
  const refused = new Set<unknown>(values)
  return (value) => refused.has(value)
}

function nested(operand: Record<string, unknown>, path: string): Test {
  const [operator, given] = onlyEntry(operand, path)
  const compile = Object.hasOwn(TEXT_OPERATORS, operator) ? TEXT_OPERATORS[operator] : undefined
  if (!compile) throw new PatternError(path, `"${operator}" is not supported in "anything-but"`)
  const values = Array.isArray(given) ? given : [given]
  if (values.length === 0) throw new PatternError(path, 'an empty list is not allowed in "anything-but"')
  if (values.includes(''))
    throw new PatternError(path, `an empty string is not allowed in "${operator}" of "anything-but"`)
  const tests = values.map((value) => compile(value, path))
  return (value) => tests.some((test) => test(value))
}

/** Compiles `anything-but`: every value of the field that is not what is given. @throws {PatternError} */
export function anythingBut(operand: unknown, path: string): Test {
  const refuses = isObject(operand) ? nested(operand, path) : literals(operand, path)
  return (value) => !refuses(value)
}
