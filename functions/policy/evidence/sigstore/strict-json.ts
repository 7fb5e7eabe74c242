import { Refused } from './refused.ts'

/** What a text may hold. A small one can hold values that take fifty times its size in memory. */
export type Limits = { readonly depth: number; readonly values: number }

const ORDINARY: Limits = { depth: 64, values: 100_000 }

/** Index behind a string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

const COLON_NEXT = /[\t\n\r ]*:/y

/** Whether the string that ends here names a field. */
function isKey(text: string, end: number): boolean {
  COLON_NEXT.lastIndex = end
  return COLON_NEXT.test(text)
}

/** Looks before anything is parsed: by the time that a parser is done, it has taken the memory. */
function refuseTricks(text: string, { depth, values }: Limits): void {
  const open: Set<string>[] = []
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') {
      const end = endOfString(text, at)
      if (isKey(text, end)) refuseRepeated(open.at(-1), JSON.parse(text.slice(at, end)))
      at = end - 1
    } else if (char === '{' || char === '[') {
      open.push(new Set())
      count++
    } else if (char === '}' || char === ']') open.pop()
    else if (char === ',') count++
    if (open.length > depth) throw new Refused(`It is nested more than ${depth} deep.`)
    if (count > values) throw new Refused(`It holds more than ${values} values.`)
  }
}

function refuseRepeated(keys: Set<string> | undefined, key: string): void {
  if (keys?.has(key)) throw new Refused('It says something twice: readers would differ in what it says.')
  keys?.add(key)
}

/**
 * Parses JSON of which every reader makes the same: UTF-8, no field twice.
 * @throws {Refused} where it is not that, or made to hurt
 */
export function strictJson(bytes: Uint8Array, limits: Limits = ORDINARY): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    refuseTricks(text, limits)
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Refused('It is not JSON.')
  }
}
