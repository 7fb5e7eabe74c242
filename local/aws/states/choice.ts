import { InvalidDefinition, runtimeError } from './errors.ts'
import { Fields } from './fields.ts'
import { isJsonObject, type Json } from './json.ts'
import { compilePath, type Scope } from './path.ts'

export type Test = (scope: Scope) => boolean
type Order = (difference: number) => boolean

const ORDERS: Readonly<Record<string, Order>> = {
  Equals: (difference) => difference === 0,
  LessThan: (difference) => difference < 0,
  LessThanEquals: (difference) => difference <= 0,
  GreaterThan: (difference) => difference > 0,
  GreaterThanEquals: (difference) => difference >= 0,
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
export const isInstant = (value: Json | undefined): value is string =>
  typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value))

/** By the type that stands first in the name of an operator: the difference of two values; undefined for others. */
const DIFFERENCES: Readonly<Record<string, (a: Json, b: Json) => number | undefined>> = {
  String: (a, b) => (typeof a === 'string' && typeof b === 'string' ? Number(a > b) - Number(a < b) : undefined),
  Numeric: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : undefined),
  Boolean: (a, b) => (typeof a === 'boolean' && typeof b === 'boolean' ? Number(a) - Number(b) : undefined),
  Timestamp: (a, b) => (isInstant(a) && isInstant(b) ? Date.parse(a) - Date.parse(b) : undefined),
}

const KINDS: Readonly<Record<string, (value: Json | undefined) => boolean>> = {
  IsPresent: (value) => value !== undefined,
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: isInstant,
}

const COMPARISON = /^(String|Numeric|Timestamp|Boolean)(Equals|(?:Less|Greater)Than(?:Equals)?)(Path)?$/

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** StringMatches: `*` is any characters, `\*` a star. */
function wildcard(pattern: string): RegExp {
  const parts = [...pattern.matchAll(/\\(.)|(\*)|([^\\*]+)/g)]
  const source = parts.map(([, literal, star, text]) => (star ? '.*' : escaped(literal ?? text ?? ''))).join('')
  return new RegExp(`^${source}$`, 's')
}

type Rule = (value: Json, scope: Scope) => boolean

function comparison(operator: string, expected: Json, where: string): Rule {
  const [, type = '', order = '', byPath] = COMPARISON.exec(operator) ?? []
  const [difference, holds] = [DIFFERENCES[type], ORDERS[order]]
  if (!difference || !holds || (type === 'Boolean' && order !== 'Equals'))
    throw new InvalidDefinition(where, `the comparison ${operator} is not honoured`)
  const path = byPath ? compilePath(expected, where) : undefined
  if (!path && difference(expected, expected) === undefined)
    throw new InvalidDefinition(where, `${operator} cannot be compared with ${JSON.stringify(expected)}`)
  return (value, scope) => {
    const between = difference(value, path ? path.read(scope) : expected)
    return between !== undefined && holds(between)
  }
}

function ruleOf(operator: string, expected: Json, where: string): Rule {
  if (operator !== 'StringMatches') return comparison(operator, expected, where)
  const pattern = wildcard(String(expected))
  return (value) => typeof value === 'string' && pattern.test(value)
}

function variableTest(rule: Json, operator: string, where: string): Test {
  const fields = new Fields(rule, where, ['Variable', operator, 'Next', 'Comment'])
  const variable = compilePath(fields.get('Variable'), fields.at('Variable'))
  const expected = fields.get(operator) ?? null
  const kind = Object.hasOwn(KINDS, operator) ? KINDS[operator] : undefined
  if (kind) return (scope) => kind(variable.find(scope)) === expected
  const holds = ruleOf(operator, expected, fields.at(operator))
  return (scope) => {
    const value = variable.find(scope)
    if (value === undefined) throw runtimeError(`Invalid path '${variable.text}': the choice has nothing to compare.`)
    return holds(value, scope)
  }
}

/**
 * A rule of a Choice state.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 * @throws {InvalidDefinition}
 */
export function compileTest(rule: Json, where: string): Test {
  const names = isJsonObject(rule) ? Object.keys(rule) : []
  const operators = names.filter((name) => !['Variable', 'Next', 'Comment'].includes(name))
  const [operator, ...more] = operators
  if (operator === undefined || more.length > 0 || !isJsonObject(rule))
    throw new InvalidDefinition(where, 'a rule has one comparison')
  if (!['And', 'Or', 'Not'].includes(operator)) return variableTest(rule, operator, where)
  const fields = new Fields(rule, where, [operator, 'Next', 'Comment'])
  if (operator === 'Not') {
    const test = compileTest(rule.Not ?? null, fields.at('Not'))
    return (scope) => !test(scope)
  }
  const tests = fields.list(operator).map((one, n) => compileTest(one, `${fields.at(operator)}[${n}]`))
  return operator === 'And'
    ? (scope) => tests.every((test) => test(scope))
    : (scope) => tests.some((test) => test(scope))
}
