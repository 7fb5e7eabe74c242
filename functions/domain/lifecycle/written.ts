/** An object of a policy, as it was written. */
export type Written = Readonly<Record<string, unknown>>

/** Tells what is wrong with a field, and what to write instead. */
export type Tell = (field: string | undefined, problem: string, instead: string) => void

const LONGEST = 60

/** A value as it was written, cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** What is wrong with a value, or that there is none. */
export const wrong = (value: unknown, what: string): string =>
  value === undefined ? 'it is missing' : `${shown(value)} ${what}`

/** `a, b or c` */
const either = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

/** One of the names; undefined, and told, where it is none of them. */
export function oneOf<T extends string>(names: readonly T[], value: unknown, field: string, tell: Tell): T | undefined {
  const found = names.find((name) => name === value)
  if (found === undefined) tell(field, wrong(value, 'is not known'), `write ${either(names.map(shown))}`)
  return found
}

/** Whether it is a whole number from 1. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1
