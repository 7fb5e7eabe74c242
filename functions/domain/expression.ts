import { RE2JS } from 're2js'

const compiled = new Map<string, RE2JS>()

/**
 * Whether an expression of the configuration takes a text as a whole, in time linear in its length.
 * @throws {RE2JSException} where it is not an expression: the configuration has checked it
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function matchesWhole(expression: string, text: string): boolean {
  const known = compiled.get(expression) ?? RE2JS.compile(expression)
  compiled.set(expression, known)
  return known.matches(text)
}
