import { isRecord } from '../../domain/record.ts'
import { Unreadable } from '../../faults.ts'

export type Json = Readonly<Record<string, unknown>>

/** Deepest nesting of what registries are given: an image's configuration has five levels. */
const DEPTH = 64
/** A small text can hold values that take fifty times its size in memory. */
const VALUES = 100_000

const [QUOTE, BACKSLASH, COMMA] = [...Buffer.from('"\\,')]
const OPENING = new Set(Buffer.from('[{'))
const CLOSING = new Set(Buffer.from(']}'))

/** Index behind a string that begins at `start`. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

/** Looks at the brackets alone, since a parser has taken the memory by the time that it is done. */
function refuseBombs(bytes: Buffer, what: string): void {
  let [depth, values] = [0, 0]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) at = endOfString(bytes, at)
    else if (byte === COMMA) values++
    else if (CLOSING.has(byte)) depth--
    else if (OPENING.has(byte)) {
      depth++
      values++
    }
    if (depth > DEPTH) throw unreadable(`${what} is nested more than ${DEPTH} deep`)
    if (values > VALUES) throw unreadable(`${what} holds more than ${VALUES} values`)
  }
}

/** For good. Without the error behind it: that of a parser quotes what it read, which may be a secret. */
export const unreadable = (why: string): Unreadable => new Unreadable(why, true, undefined)

/** @param what `its manifest` @throws {Unreadable} where it is not an object in JSON, or made to hurt */
export function parseObject(bytes: Buffer, what: string): Json {
  refuseBombs(bytes, what)
  let parsed: unknown
  try {
    parsed = JSON.parse(bytes.toString())
  } catch {
    throw unreadable(`${what} is not JSON`)
  }
  if (!isRecord(parsed)) throw unreadable(`${what} is not an object`)
  return parsed
}

/** Letters that differ in case alone, as Go folds them. */
const folded = (name: string): string => name.toUpperCase().toLowerCase()

/**
 * A field as the container runtimes read it: Go's JSON takes any case. What says it twice would be one thing to us and
 * another to them.
 * @throws {Unreadable}
 * @see https://pkg.go.dev/encoding/json#Unmarshal
 */
export function field(json: Json, name: string, what: string): unknown {
  const wanted = folded(name)
  const keys = Object.keys(json).filter((key) => folded(key) === wanted)
  if (keys.length > 1) throw unreadable(`${what} says ${name} twice`)
  return keys[0] === undefined ? undefined : (json[keys[0]] ?? undefined)
}

/** @throws {Unreadable} where there is something else */
export function textIn(json: Json, name: string, what: string): string | undefined {
  const value = field(json, name, what)
  if (value !== undefined && typeof value !== 'string') throw unreadable(`${name} of ${what} is not a text`)
  return value
}

/** Empty where there is none. @throws {Unreadable} where there is something else */
export function listIn(json: Json, name: string, what: string): readonly unknown[] {
  const value = field(json, name, what) ?? []
  if (!Array.isArray(value)) throw unreadable(`${name} of ${what} is not a list`)
  return value
}

/** Empty where there is none. @throws {Unreadable} where there is something else */
export function objectIn(json: Json, name: string, what: string): Json {
  const value = field(json, name, what) ?? {}
  if (!isRecord(value)) throw unreadable(`${name} of ${what} is not an object`)
  return value
}
