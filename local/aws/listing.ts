import { AwsError } from './error.ts'

export type Listing<T> = {
  /** Rises with each item of a list; by it, what comes or goes between two pages neither repeats nor hides others. */
  keyOf(item: T): string
  size: number
  /** Of the page before. */
  token: string | undefined
  /** The code of the error for a token that was never given out. */
  wrong: string
  /** From the highest key to the lowest. */
  descends?: boolean
}

const TOKEN = /^after (.*)$/s

function keyIn(token: string, wrong: string): string {
  const [, key] = TOKEN.exec(Buffer.from(token, 'base64url').toString('utf8')) ?? []
  if (key === undefined) throw new AwsError(wrong, 'Invalid pagination token.')
  return key
}

/** One page of a list, and the token of the next. @throws AwsError */
export function pageOf<T>(all: Iterable<T>, listing: Listing<T>): { items: T[]; next?: string } {
  const { keyOf, size, token, wrong, descends = false } = listing
  const isBefore = (a: string, b: string): boolean => (descends ? a > b : a < b)
  const sorted = [...all].sort((a, b) => (isBefore(keyOf(a), keyOf(b)) ? -1 : 1))
  const after = token === undefined ? undefined : keyIn(token, wrong)
  const left = sorted.filter((item) => after === undefined || isBefore(after, keyOf(item)))
  const items = left.slice(0, size)
  const last = items.at(-1)
  return left.length > items.length && last !== undefined
    ? { items, next: Buffer.from(`after ${keyOf(last)}`).toString('base64url') }
    : { items }
}
