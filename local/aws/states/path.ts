import { InvalidDefinition, runtimeError, StateError } from './errors.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'

/** What paths lead into: the input of the state with `$`, the context object with `$$`. */
export type Scope = { readonly input: Json; readonly context: JsonObject }

/** A path that was read: a reference to one value. */
export type Path = {
  readonly text: string
  /** @returns undefined where it leads to nothing */
  find(scope: Scope): Json | undefined
  /** @throws {StateError} where it leads to nothing */
  read(scope: Scope): Json
}

type Steps = readonly (string | number)[]

/** `.name`, `['any name']` and `[0]`: a reference path, which leads to one value at most. */
const STEP = /\.([A-Za-z_][\w-]*)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]/y

function stepsOf(text: string, start: number, where: string): Steps {
  const steps: (string | number)[] = []
  STEP.lastIndex = start
  for (let end = start; end < text.length; end = STEP.lastIndex) {
    const found = STEP.exec(text)
    if (!found)
      throw new InvalidDefinition(
        where,
        `of JSONPath, reference paths ($.a.b, $['a'], $.a[0]) are honoured, not ${text}`,
      )
    const [, name, quoted, index] = found
    steps.push(index === undefined ? (name ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? '') : Number(index))
  }
  return steps
}

const child = (value: Json | undefined, step: string | number): Json | undefined => {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

/** @throws {InvalidDefinition} for more than a reference path */
export function compilePath(text: unknown, where: string): Path {
  if (typeof text !== 'string' || !text.startsWith('$')) throw new InvalidDefinition(where, 'a path begins with $')
  const ofContext = text.startsWith('$$')
  const steps = stepsOf(text, ofContext ? 2 : 1, where)
  const find = ({ input, context }: Scope): Json | undefined =>
    steps.reduce<Json | undefined>(child, ofContext ? context : input)
  return {
    text,
    find,
    read(scope) {
      const found = find(scope)
      if (found === undefined) throw new StateError('States.ParameterPathFailure', `The path ${text} leads to nothing.`)
      return found
    },
  }
}

/** InputPath and OutputPath: `null` is an empty object, nothing is all. */
export function compileSelection(value: unknown, where: string): (scope: Scope) => Json {
  if (value === undefined) return ({ input }) => input
  if (value === null) return () => ({})
  const path = compilePath(value, where)
  return (scope) => {
    const found = path.find(scope)
    if (found === undefined) throw runtimeError(`Invalid path '${path.text}': it leads to nothing.`)
    return found
  }
}

function placed(input: Json, [step, ...rest]: Steps, result: Json, where: string): Json {
  if (step === undefined) return result
  if (typeof step === 'number' || !isJsonObject(input))
    throw new StateError('States.ResultPathMatchFailure', `The result cannot be put at ${where}.`)
  return { ...input, [step]: placed(input[step] ?? {}, rest, result, where) }
}

/** ResultPath: where a result is put into the input of the state. `null` drops it, nothing puts it in the input's place. */
export function compileResultPath(value: unknown, where: string): (input: Json, result: Json) => Json {
  if (value === null) return (input) => input
  const text = value ?? '$'
  if (compilePath(text, where).text.startsWith('$$'))
    throw new InvalidDefinition(where, 'nothing can be put into the context object')
  const steps = stepsOf(String(text), 1, where)
  return (input, result) => placed(input, steps, result, String(text))
}
