/** A text that is no JSON. `line` counts from 1. */
export class NoJson extends Error {
  override readonly name = 'NoJson'
  readonly line: number

  constructor(line: number, why: string) {
    super(why)
    this.line = line
  }
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

const WHITE = /\s/

/** Where a document ends that begins at `from`: behind its last bracket, or where a text of another kind ends its line. */
function endOf(text: string, from: number): number {
  if (!'{['.includes(text[from] as string)) {
    const end = text.indexOf('\n', from)
    return end < 0 ? text.length : end
  }
  let [depth, isQuoted] = [0, false]
  for (let at = from; at < text.length; at++) {
    const sign = text[at] as string
    if (isQuoted && sign === '\\') at++
    else if (sign === '"') isQuoted = !isQuoted
    else if (!isQuoted && '{['.includes(sign)) depth++
    else if (!isQuoted && '}]'.includes(sign) && --depth === 0) return at + 1
  }
  return text.length
}

/** Whether a part from the beginning could go on to be JSON. */
function isBegun(part: string): boolean {
  try {
    JSON.parse(part)
    return true
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const at = /at position (\d+)/.exec(message)?.[1]
    return at === undefined ? /end of JSON/i.test(message) : Number(at) >= part.length || /Unterminated/.test(message)
  }
}

/** How much of a text could still become JSON: the fault is right behind it. V8 does not always say where it is. */
function soundPart(text: string): number {
  let [low, high] = [0, text.length + 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (isBegun(text.slice(0, middle))) low = middle
    else high = middle
  }
  return low
}

function parse(text: string, from: number, end: number): unknown {
  const part = text.slice(from, end)
  try {
    return JSON.parse(part)
  } catch {
    const sound = soundPart(part)
    const isCut = sound >= part.length
    const line = lineAt(text, from + (isCut ? part.trimEnd().length : sound))
    const found = [...part.slice(sound)][0] ?? ''
    throw new NoJson(line, isCut ? 'it ends before its JSON does' : `JSON does not go on with ${JSON.stringify(found)}`)
  }
}

/**
 * The JSON documents of a text, one after the other: one alone, or many, as NDJSON has them, or as `cat` and `>>` leave them.
 * @throws {NoJson} with the line of the first fault
 */
export function* documentsIn(text: string): Generator<unknown> {
  // Editors on Windows begin files with a byte order mark.
  let from = text.startsWith('\uFEFF') ? 1 : 0
  for (;;) {
    while (from < text.length && WHITE.test(text[from] as string)) from++
    if (from >= text.length) return
    const end = endOf(text, from)
    yield parse(text, from, end)
    from = end
  }
}
