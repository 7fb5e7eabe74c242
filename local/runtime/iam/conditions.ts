import { isObject } from '../is-object.ts'
import { arnMatches, globMatches } from './glob.ts'

/** The facts of a request, by lower-case condition key. A key that is not here cannot be judged. */
export type Facts = ReadonlyMap<string, string>

/** `undefined`: it depends on a fact that the local run does not have. */
export type Truth = boolean | undefined

export class PolicyError extends Error {
  override readonly name = 'PolicyError'
}

type Compare = (given: string, expected: string) => boolean

const POSITIVE: Readonly<Record<string, Compare>> = {
  StringEquals: (given, expected) => given === expected,
  StringEqualsIgnoreCase: (given, expected) => given.toLowerCase() === expected.toLowerCase(),
  StringLike: (given, expected) => globMatches(expected, given),
  ArnEquals: (given, expected) => arnMatches(expected, given),
  ArnLike: (given, expected) => arnMatches(expected, given),
  Bool: (given, expected) => given.toLowerCase() === expected.toLowerCase(),
}

const NEGATIVE: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
}

export type Condition = (facts: Facts) => Truth

const VARIABLE = /\$\{([^}]+)\}/g

/** `${aws:PrincipalAccount}` → its value; `undefined` when that is not known. */
export function substitute(text: string, facts: Facts): string | undefined {
  let known = true
  const result = text.replace(VARIABLE, (_, name: string) => {
    if (name === '*' || name === '?' || name === '$') return name
    const value = facts.get(name.toLowerCase())
    known &&= value !== undefined
    return value ?? ''
  })
  return known ? result : undefined
}

const listOf = (value: unknown, operator: string): string[] => {
  const values = Array.isArray(value) ? value : [value]
  if (!values.every((item) => ['string', 'boolean', 'number'].includes(typeof item)))
    throw new PolicyError(`the condition ${operator} has a value that is not text`)
  return values.map(String)
}

function isNull(key: string, expected: readonly string[]): Condition {
  const wanted = expected.some((value) => value.toLowerCase() === 'true')
  return (facts) => (facts.has(key) ? !wanted : undefined)
}

function comparison(name: string, key: string, expected: readonly string[]): Condition {
  const negated = Object.hasOwn(NEGATIVE, name)
  const positive = negated ? (NEGATIVE[name] ?? '') : name
  const compare = Object.hasOwn(POSITIVE, positive) ? POSITIVE[positive] : undefined
  if (!compare) throw new PolicyError(`the condition operator ${name} is not known here`)
  return (facts) => {
    const given = facts.get(key)
    const values = expected.map((value) => substitute(value, facts))
    if (given === undefined || values.includes(undefined)) return undefined
    return values.some((value) => value !== undefined && compare(given, value)) !== negated
  }
}

function compileOperator(operator: string, key: string, value: unknown): Condition {
  const expected = listOf(value, operator)
  if (operator === 'Null') return isNull(key, expected)
  if (!operator.endsWith('IfExists')) return comparison(operator, key, expected)
  return comparison(operator.slice(0, -'IfExists'.length), key, expected)
}

/** All must hold: one false makes it false, one unknown makes it unknown. */
const allOf =
  (conditions: readonly Condition[]): Condition =>
  (facts) => {
    const truths = conditions.map((condition) => condition(facts))
    if (truths.includes(false)) return false
    return truths.includes(undefined) ? undefined : true
  }

/** Compiles the Condition element. @throws {PolicyError} for an operator that is not known here */
export function compileConditions(element: unknown): Condition {
  if (element === undefined) return () => true
  if (!isObject(element)) throw new PolicyError('Condition is not an object')
  return allOf(
    Object.entries(element).flatMap(([operator, keys]) => {
      if (!isObject(keys)) throw new PolicyError(`the condition ${operator} is not an object`)
      return Object.entries(keys).map(([key, value]) => compileOperator(operator, key.toLowerCase(), value))
    }),
  )
}
