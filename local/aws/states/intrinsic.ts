import { InvalidDefinition, StateError } from './errors.ts'
import type { Json } from './json.ts'
import { compilePath, type Scope } from './path.ts'

type Read = (scope: Scope) => Json
type Apply = (args: readonly Json[]) => Json

const failure = (cause: string): StateError => new StateError('States.IntrinsicFailure', cause)

const asText = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value))

function format([template, ...values]: readonly Json[]): string {
  const parts = String(template).split('{}')
  if (parts.length !== values.length + 1) throw failure('States.Format has not as many values as {}.')
  return parts.map((part, n) => (n === 0 ? part : asText(values[n - 1]) + part)).join('')
}

function parsed([text]: readonly Json[]): Json {
  try {
    return JSON.parse(String(text))
  } catch {
    throw failure('States.StringToJson was given what is no JSON.')
  }
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const FUNCTIONS: Readonly<Record<string, Apply>> = {
  'States.Array': (args) => args,
  'States.ArrayLength': ([list]) => {
    if (!Array.isArray(list)) throw failure('States.ArrayLength was given what is no list.')
    return list.length
  },
  'States.Format': format,
  'States.JsonToString': ([value = null]) => JSON.stringify(value),
  'States.StringToJson': parsed,
}

const TOKEN = /\s*(?:(States\.\w+)\s*\(|'((?:[^'\\]|\\.)*)'|(\$[^\s,()]*)|(-?\d+(?:\.\d+)?|true|false|null)|([,)]))/y

/** Reads the text of a call from left to right. */
class Reader {
  readonly #text: string
  readonly #where: string
  #at = 0

  constructor(text: string, where: string) {
    this.#text = text
    this.#where = where
  }

  whole(): Read {
    const read = this.#argument(this.#next())
    if (this.#text.slice(this.#at).trim() !== '') throw this.#wrong()
    return read
  }

  #wrong(): InvalidDefinition {
    return new InvalidDefinition(this.#where, `${this.#text} is no call of an intrinsic function that is honoured`)
  }

  #next(): RegExpExecArray {
    TOKEN.lastIndex = this.#at
    const token = TOKEN.exec(this.#text)
    if (!token) throw this.#wrong()
    this.#at = TOKEN.lastIndex
    return token
  }

  #argument([, name, quoted, path, literal]: RegExpExecArray): Read {
    if (name !== undefined) return this.#call(name)
    if (path !== undefined) return compilePath(path, this.#where).read
    if (quoted === undefined && literal === undefined) throw this.#wrong()
    const value: Json = literal === undefined ? (quoted ?? '').replaceAll(/\\(.)/g, '$1') : JSON.parse(literal)
    return () => value
  }

  #call(name: string): Read {
    const apply = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
    if (!apply)
      throw new InvalidDefinition(this.#where, `${name} is not honoured; ${Object.keys(FUNCTIONS).join(', ')} are`)
    const args: Read[] = []
    for (let token = this.#next(); token[5] !== ')'; token = this.#next()) {
      if (token[5] === ',' && args.length > 0) token = this.#next()
      args.push(this.#argument(token))
    }
    return (scope) => apply(args.map((read) => read(scope)))
  }
}

/** `States.Format('sweep/{}', $.id)`. @throws {InvalidDefinition} for a function that is not honoured */
export const compileIntrinsic = (text: string, where: string): Read => new Reader(text, where).whole()
