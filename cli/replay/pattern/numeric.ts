import { PatternError } from './error.ts'

/** Event Ruler compares numbers between these bounds only. */
const LIMIT = 5e9

export const isComparable = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= LIMIT

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

type Term = { readonly operator: string; readonly value: number }

function termsOf(operand: readonly unknown[], path: string): Term[] {
  if (operand.length !== 2 && operand.length !== 4)
    throw new PatternError(path, '"numeric" takes one comparison, or the two of a range')
  return [0, 2].slice(0, operand.length / 2).map((i) => {
    const [operator, value] = [operand[i], operand[i + 1]]
    if (typeof operator !== 'string' || !Object.hasOwn(COMPARE, operator))
      throw new PatternError(path, `${JSON.stringify(operator)} is not one of =, <, <=, >, >=`)
    if (!isComparable(value))
      throw new PatternError(path, `${JSON.stringify(value)} is not a number between -5e9 and 5e9`)
    return { operator, value }
  })
}

/** Compiles `numeric`: `["=", 1]`, `[">", 0]`, `[">", 0, "<=", 5]`. @throws {PatternError} */
export function numeric(operand: unknown, path: string): (value: unknown) => boolean {
  if (!Array.isArray(operand)) throw new PatternError(path, '"numeric" takes an array')
  const terms = termsOf(operand, path)
  const [bottom, top] = terms
  if (bottom && top) {
    if (!bottom.operator.startsWith('>') || !top.operator.startsWith('<'))
      throw new PatternError(path, 'a range is > or >= followed by < or <=')
    if (bottom.value >= top.value) throw new PatternError(path, 'the bottom of a range must be less than its top')
  }
  return (value) => isComparable(value) && terms.every((term) => COMPARE[term.operator]?.(value, term.value))
}
