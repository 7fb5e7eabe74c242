import { anythingBut } from './anything-but.ts'
import { cidr } from './cidr.ts'
import { isObject, PatternError } from './error.ts'
import { numeric } from './numeric.ts'
import { onlyEntry, TEXT_OPERATORS, type Test } from './text.ts'

const OPERATORS: Readonly<Record<string, (operand: unknown, path: string) => Test>> = {
  ...TEXT_OPERATORS,
  numeric,
  cidr,
  'anything-but': anythingBut,
}

/** Names that cannot be fields inside `$or`, as Event Ruler would take them for operators. */
export const RESERVED: ReadonlySet<string> = new Set([...Object.keys(OPERATORS), 'exists', 'exactly'])

/** What a field must be: one of the tests holds for one of its values, or it is absent and may be. */
export type FieldTest = { readonly tests: readonly Test[]; readonly absent: boolean }

function existence(operand: unknown, path: string): boolean {
  if (typeof operand === 'boolean') return operand
  throw new PatternError(path, '"exists" takes true or false')
}

function compileExpression(expression: Record<string, unknown>, path: string): Test | 'absent' {
  const [operator, operand] = onlyEntry(expression, path)
  if (operator === 'exists') return existence(operand, path) ? () => true : 'absent'
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (!compile) throw new PatternError(path, `unknown operator "${operator}"`)
  return compile(operand, path)
}

function compileValue(expected: unknown, path: string): Test | 'absent' {
  if (isObject(expected)) return compileExpression(expected, path)
  if (Array.isArray(expected)) throw new PatternError(path, 'an array inside an array is not allowed')
  return (value) => value === expected
}

/** Compiles the array of a field. @throws {PatternError} */
export function compileField(values: readonly unknown[], path: string): FieldTest {
  if (values.length === 0) throw new PatternError(path, 'empty arrays are not allowed')
  const compiled = values.map((value, i) => compileValue(value, `${path}[${i}]`))
  return {
    tests: compiled.filter((test) => test !== 'absent'),
    absent: compiled.includes('absent'),
  }
}
