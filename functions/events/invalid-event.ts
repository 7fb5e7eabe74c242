import * as v from 'valibot'

/** One thing that is wrong with an event. */
export type Fault = { readonly path: string; readonly expected: string; readonly found: string }

const NAMED_FAULTS = 5
const SHOWN_CHARACTERS = 40
const MESSAGE_CHARACTERS = 1_000
/** Control, format (bidi, zero-width), surrogate and line-separating characters: none of them belongs in a log line. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu

/** Text from outside, made fit for one line of a log: cut, and without characters that hide or move others. */
export const printable = (text: string, characters = SHOWN_CHARACTERS): string => {
  const clean = text.slice(0, characters + 1).replace(UNPRINTABLE, '�')
  return clean.length > characters ? `${clean.slice(0, characters).replace(/[\uD800-\uDBFF]$/, '')}…` : clean
}

/** A value in words: its type, and a short look at it where it is one. Never the contents of objects or lists. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? `"${printable(value)}"` : `${typeof value} ${printable(String(value))}`
}

/** An event that does not have its documented shape. The message names the faults, is short, and holds no line breaks. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent'
  /** The first faults, in the order of the fields. */
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    const named = faults.slice(0, NAMED_FAULTS)
    const words = named.map(({ path, expected, found }) => `${path}: expected ${expected}, found ${found}`)
    const more = faults.length > NAMED_FAULTS ? [`and ${faults.length - NAMED_FAULTS} more`] : []
    super(printable([...words, ...more].join('; '), MESSAGE_CHARACTERS))
    this.faults = faults.slice(0, 2 * NAMED_FAULTS)
  }
}

const toFault = (issue: v.BaseIssue<unknown>): Fault => ({
  path: issue.path?.map(({ key }) => printable(String(key))).join('.') || 'event',
  expected: issue.message,
  found: describe(issue.input),
})

/** What keeps `value` from the shape of `schema`; the messages of the schemas say what is expected. */
export const faultsOf = (schema: v.GenericSchema, value: unknown): readonly Fault[] =>
  (v.safeParse(schema, value).issues ?? []).map(toFault)

/** `value` in the shape of `schema`. Throws `InvalidEvent` with every fault. */
export function check<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  throw new InvalidEvent(result.issues.map(toFault))
}
