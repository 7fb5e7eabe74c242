import { compileTest, isInstant, type Test } from './choice.ts'
import { InvalidDefinition, runtimeError } from './errors.ts'
import { Fields } from './fields.ts'
import { isJsonObject, type Json } from './json.ts'
import { compileMap, type Distributed, type Inline } from './map-definition.ts'
import { compilePath, compileResultPath, compileSelection, type Scope } from './path.ts'
import { type Catcher, compileCatcher, compileRetrier, type Retrier } from './retry.ts'
import { compileTemplate, type Template } from './template.ts'

/** What a state does between its input and its output. */
export type Does =
  | { readonly kind: 'pass'; readonly result: Json | undefined }
  /** `resource` is the ARN of a function, or of the integration `lambda:invoke`. */
  | { readonly kind: 'task'; readonly resource: string; readonly timeoutMs: number | undefined }
  | { readonly kind: 'choice'; readonly rules: readonly { test: Test; next: string }[]; readonly fallback?: string }
  /** @returns the instant in ms */
  | { readonly kind: 'wait'; until(scope: Scope, now: number): number }
  | { readonly kind: 'succeed' }
  | { readonly kind: 'fail'; readonly error: string; readonly cause: string }
  | Inline
  | Distributed

export type State = {
  readonly name: string
  readonly type: string
  /** The state that comes after it; the last one has none. */
  readonly next: string | undefined
  readonly does: Does
  input(scope: Scope): Json
  readonly parameters: Template | undefined
  readonly selector: Template | undefined
  place(input: Json, result: Json): Json
  output(scope: Scope): Json
  readonly retriers: readonly Retrier[]
  readonly catchers: readonly Catcher[]
}

export type States = { readonly startAt: string; readonly states: ReadonlyMap<string, State> }
export type Definition = States & { readonly timeoutMs: number | undefined }

const PATHS = ['InputPath', 'OutputPath']
const FLOW = ['Next', 'End']
const RESULT = ['Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch']

/** What is honoured of each type of state, beside its type and its comment. */
const HONOURED: Readonly<Record<string, readonly string[]>> = {
  Task: [...PATHS, ...FLOW, ...RESULT, 'Resource', 'TimeoutSeconds'],
  Pass: [...PATHS, ...FLOW, 'Parameters', 'Result', 'ResultPath'],
  Choice: [...PATHS, 'Choices', 'Default'],
  Wait: [...PATHS, ...FLOW, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: PATHS,
  Fail: ['Error', 'Cause'],
  Map: [
    ...[...PATHS, ...FLOW, ...RESULT, 'ItemsPath', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency'],
    ...['ItemReader', 'ItemBatcher', 'ResultWriter', 'ToleratedFailurePercentage', 'ToleratedFailureCount', 'Label'],
  ],
}

const LAMBDA_INVOKE = /^arn:[^:]+:states:::lambda:invoke$/
const FUNCTION = /^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/

const INVOKE_PARAMETERS = ['FunctionName', 'FunctionName.$', 'Payload', 'Payload.$']

function taskOf(fields: Fields): Does {
  const resource = fields.needText('Resource')
  if (!LAMBDA_INVOKE.test(resource) && !FUNCTION.test(resource))
    throw new InvalidDefinition(fields.at('Resource'), `functions and lambda:invoke are honoured, not ${resource}`)
  if (LAMBDA_INVOKE.test(resource)) new Fields(fields.get('Parameters'), fields.at('Parameters'), INVOKE_PARAMETERS)
  const seconds = fields.number('TimeoutSeconds', 1)
  return { kind: 'task', resource, timeoutMs: seconds === undefined ? undefined : seconds * 1_000 }
}

function choiceOf(fields: Fields): Does {
  const rules = fields.list('Choices').map((rule, n) => {
    const where = `${fields.at('Choices')}[${n}]`
    const next = isJsonObject(rule) ? rule.Next : undefined
    if (typeof next !== 'string') throw new InvalidDefinition(where, 'a rule needs Next')
    return { test: compileTest(rule, where), next }
  })
  if (rules.length === 0) throw new InvalidDefinition(fields.at('Choices'), 'a choice needs rules')
  const fallback = fields.text('Default')
  return { kind: 'choice', rules, ...(fallback === undefined ? {} : { fallback }) }
}

function secondsIn(value: Json | undefined): number {
  if (typeof value === 'number' && value >= 0) return value
  throw runtimeError('The number of seconds to wait is none.')
}

function instantIn(value: Json | undefined): number {
  if (isInstant(value)) return Date.parse(value)
  throw runtimeError('The timestamp to wait for is none.')
}

function waitOf(fields: Fields): Does {
  const name = fields.oneOf(['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'])
  const given = fields.get(name) ?? null
  const read = name.endsWith('Path') ? compilePath(given, fields.at(name)).read : () => given
  if (name === 'Seconds') fields.number('Seconds')
  if (name === 'Timestamp' && !isInstant(given))
    throw new InvalidDefinition(fields.at(name), 'a timestamp as 2026-11-28T21:00:00Z belongs here')
  const until = name.startsWith('Seconds')
    ? (scope: Scope, now: number) => now + 1_000 * secondsIn(read(scope))
    : (scope: Scope) => instantIn(read(scope))
  return { kind: 'wait', until }
}

function doesOf(type: string, fields: Fields): Does {
  if (type === 'Task') return taskOf(fields)
  if (type === 'Choice') return choiceOf(fields)
  if (type === 'Wait') return waitOf(fields)
  if (type === 'Map') return compileMap(fields, compileStates)
  if (type === 'Succeed') return { kind: 'succeed' }
  if (type === 'Pass') return { kind: 'pass', result: fields.get('Result') }
  return { kind: 'fail', error: fields.text('Error') ?? '', cause: fields.text('Cause') ?? '' }
}

const optional = (fields: Fields, name: string): Template | undefined => {
  const value = fields.get(name)
  return value === undefined ? undefined : compileTemplate(value, fields.at(name))
}

function compileState(name: string, value: Json, where: string): State {
  const type = isJsonObject(value) ? String(value.Type) : ''
  const honoured = Object.hasOwn(HONOURED, type) ? HONOURED[type] : undefined
  if (!honoured) throw new InvalidDefinition(where, `the local AWS does not honour states of type ${type || '(none)'}`)
  const fields = new Fields(value, where, ['Type', 'Comment', 'QueryLanguage', ...honoured])
  checkLanguage(fields)
  if (honoured.includes('Next')) fields.oneOf(FLOW)
  if (fields.has('End') && fields.flag('End') !== true) throw new InvalidDefinition(fields.at('End'), 'End is true')
  return {
    ...{ name, type, next: fields.text('Next'), does: doesOf(type, fields) },
    input: compileSelection(fields.get('InputPath'), fields.at('InputPath')),
    parameters: type === 'Map' ? undefined : optional(fields, 'Parameters'),
    selector: optional(fields, 'ResultSelector'),
    place: compileResultPath(fields.get('ResultPath'), fields.at('ResultPath')),
    output: compileSelection(fields.get('OutputPath'), fields.at('OutputPath')),
    retriers: fields.list('Retry').map((one, n) => compileRetrier(one, `${fields.at('Retry')}[${n}]`)),
    catchers: fields.list('Catch').map((one, n) => compileCatcher(one, `${fields.at('Catch')}[${n}]`)),
  }
}

function checkLanguage(fields: Fields): void {
  const language = fields.text('QueryLanguage') ?? 'JSONPath'
  if (language !== 'JSONPath') throw new InvalidDefinition(fields.at('QueryLanguage'), `${language} is not honoured`)
}

const targetsOf = ({ next, does, catchers }: State): readonly string[] => [
  ...(next === undefined ? [] : [next]),
  ...catchers.map((catcher) => catcher.next),
  ...(does.kind === 'choice' ? [...does.rules.map((rule) => rule.next), does.fallback ?? []].flat() : []),
]

/** StartAt and States, which a machine has, and every item processor. @throws {InvalidDefinition} */
export function compileStates(fields: Fields): States {
  const startAt = fields.needText('StartAt')
  const given = fields.get('States')
  if (!isJsonObject(given)) throw new InvalidDefinition(fields.at('States'), 'an object belongs here')
  const states = new Map(
    Object.entries(given).map(([name, state]) => [name, compileState(name, state, `${fields.at('States')}.${name}`)]),
  )
  const targets = [startAt, ...[...states.values()].flatMap(targetsOf)]
  const missing = targets.find((name) => !states.has(name))
  if (missing !== undefined) throw new InvalidDefinition(fields.where, `there is no state ${missing}`)
  const lost = [...states.keys()].find((name) => !targets.includes(name))
  if (lost !== undefined) throw new InvalidDefinition(fields.at(`States.${lost}`), 'no state leads to it')
  return { startAt, states }
}

/**
 * Reads a definition in the Amazon States Language with JSONPath.
 * @see https://states-language.net/spec.html
 * @throws {InvalidDefinition} for what AWS would refuse, and for every field that is not honoured here
 */
export function compileDefinition(definition: Json): Definition {
  const honoured = ['StartAt', 'States', 'Comment', 'Version', 'TimeoutSeconds', 'QueryLanguage']
  const fields = new Fields(definition, '', honoured)
  checkLanguage(fields)
  if ((fields.text('Version') ?? '1.0') !== '1.0') throw new InvalidDefinition('.Version', 'there is 1.0 alone')
  const seconds = fields.number('TimeoutSeconds', 1)
  return { ...compileStates(fields), timeoutMs: seconds === undefined ? undefined : seconds * 1_000 }
}
