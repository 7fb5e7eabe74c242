import { isObject } from '../is-object.ts'
import { TemplateError } from './error.ts'

/** What the intrinsic functions refer to. */
export type Scope = {
  ref(logicalId: string, where: string): unknown
  attribute(logicalId: string, name: string, where: string): unknown
  condition(name: string, where: string): boolean
  mapping(map: string, first: string, second: string, where: string): unknown
  /** What another stack exports by that name. */
  imported(name: string, where: string): string
  readonly region: string
}

/** Stands for `AWS::NoValue` until the property that holds it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue')

type Resolve = (value: unknown, where: string) => unknown
type Intrinsic = (operand: unknown, where: string, resolve: Resolve, scope: Scope) => unknown

const text = (value: unknown, where: string): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new TemplateError(where, `text was expected, not ${JSON.stringify(value)}`)
}

function list(value: unknown, where: string, length?: number): readonly unknown[] {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return value
  throw new TemplateError(where, length === undefined ? 'a list was expected' : `a list of ${length} was expected`)
}

function getAtt(operand: unknown, where: string, resolve: Resolve, scope: Scope): unknown {
  const parts = typeof operand === 'string' ? operand.split('.') : list(operand, where)
  const [id, ...names] = parts
  return scope.attribute(text(id, where), names.map((name) => text(resolve(name, where), where)).join('.'), where)
}

function join(operand: unknown, where: string, resolve: Resolve): string {
  const [separator, parts] = list(operand, where, 2)
  return list(resolve(parts, where), where)
    .map((part) => text(part, where))
    .join(text(separator, where))
}

const PLACEHOLDER = /\$\{(!?)([^}]*)\}/g

function sub(operand: unknown, where: string, resolve: Resolve, scope: Scope): string {
  const [template, given] = Array.isArray(operand) ? list(operand, where, 2) : [operand, {}]
  const variables = isObject(given) ? given : {}
  return text(template, where).replace(PLACEHOLDER, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`
    if (Object.hasOwn(variables, name)) return text(resolve(variables[name], where), where)
    return text(name.includes('.') ? getAtt(name, where, resolve, scope) : scope.ref(name, where), where)
  })
}

function select(operand: unknown, where: string, resolve: Resolve): unknown {
  const [index, from] = list(operand, where, 2)
  const values = list(resolve(from, where), where)
  const chosen = values[Number(resolve(index, where))]
  if (chosen === undefined) throw new TemplateError(where, `there is no item ${index} among ${values.length}`)
  return chosen
}

function split(operand: unknown, where: string, resolve: Resolve): string[] {
  const [separator, source] = list(operand, where, 2)
  return text(resolve(source, where), where).split(text(separator, where))
}

function choose(operand: unknown, where: string, resolve: Resolve, scope: Scope): unknown {
  const [name, yes, no] = list(operand, where, 3)
  return resolve(scope.condition(text(name, where), where) ? yes : no, where)
}

const truths = (operand: unknown, where: string, resolve: Resolve): boolean[] =>
  list(operand, where).map((part) => resolve(part, where) === true)

/** Functions of CloudFormation that CDK writes into templates, the condition functions included. */
const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (operand, where, _, scope) => scope.ref(text(operand, where), where),
  Condition: (operand, where, _, scope) => scope.condition(text(operand, where), where),
  'Fn::GetAtt': getAtt,
  'Fn::Join': join,
  'Fn::Sub': sub,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': choose,
  'Fn::Equals': (operand, where, resolve) => {
    const [a, b] = list(operand, where, 2).map((part) => resolve(part, where))
    return String(a) === String(b)
  },
  'Fn::And': (operand, where, resolve) => truths(operand, where, resolve).every(Boolean),
  'Fn::Or': (operand, where, resolve) => truths(operand, where, resolve).some(Boolean),
  'Fn::Not': (operand, where, resolve) => !truths(operand, where, resolve)[0],
  'Fn::FindInMap': (operand, where, resolve, scope) => {
    const [map, first, second] = list(operand, where, 3).map((part) => text(resolve(part, where), where))
    return scope.mapping(map ?? '', first ?? '', second ?? '', where)
  },
  'Fn::ImportValue': (operand, where, resolve, scope) => scope.imported(text(resolve(operand, where), where), where),
  'Fn::Base64': (operand, where, resolve) => Buffer.from(text(resolve(operand, where), where)).toString('base64'),
  'Fn::GetAZs': (_operand, _where, _resolve, scope) => ['a', 'b', 'c'].map((zone) => `${scope.region}${zone}`),
}

const isIntrinsic = (name: string): boolean => name === 'Ref' || name === 'Condition' || name.startsWith('Fn::')

/** `{"Condition": {...}}` is also a field of an IAM statement; the intrinsic holds a name. */
function intrinsicOf(object: Record<string, unknown>): string | undefined {
  const [name, ...more] = Object.keys(object)
  if (name === undefined || more.length > 0 || !isIntrinsic(name)) return undefined
  return name === 'Condition' && typeof object[name] !== 'string' ? undefined : name
}

/**
 * Replaces every intrinsic function in `value`; `AWS::NoValue` takes its property away.
 * @throws {TemplateError} naming the place of a function that is not known here
 */
export function resolveValue(value: unknown, where: string, scope: Scope): unknown {
  const resolve: Resolve = (inner, at) => resolveValue(inner, at, scope)
  if (Array.isArray(value))
    return value.map((item, i) => resolve(item, `${where}[${i}]`)).filter((item) => item !== NO_VALUE)
  if (!isObject(value)) return value
  const name = intrinsicOf(value)
  if (name !== undefined) {
    const run = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined
    if (!run) throw new TemplateError(where, `the local run does not know the function ${name}`)
    return run(value[name], `${where}.${name}`, resolve, scope)
  }
  const entries = Object.entries(value).map(([key, inner]) => [key, resolve(inner, `${where}.${key}`)] as const)
  return Object.fromEntries(entries.filter(([, inner]) => inner !== NO_VALUE))
}

function* idsIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* idsIn(item)
  if (!isObject(value)) return
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value
  if (typeof ref === 'string') yield ref
  if (attribute !== undefined)
    yield String(typeof attribute === 'string' ? attribute.split('.')[0] : [attribute].flat()[0])
  const template = Array.isArray(text) ? text[0] : text
  if (typeof template === 'string')
    for (const [, , name = ''] of template.matchAll(PLACEHOLDER)) yield name.split('.')[0] ?? ''
  yield* idsIn(Object.values(value))
}

/** Logical ids, names of parameters and pseudo parameters that the intrinsic functions in a value refer to. */
export const referredTo = (value: unknown): ReadonlySet<string> => new Set(idsIn(value))
