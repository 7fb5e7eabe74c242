import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text as textOfStream } from 'node:stream/consumers'
import { show } from '../../config/fault.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { oneLine } from '../terminal.ts'
import { documentsIn, NoJson } from './documents.ts'
import type { EventInput } from './event-input.ts'
import { type Found, unwrap } from './unwrap.ts'

/** One event as it is replayed. */
export type Input = EventInput & {
  /** The body of the record that a function would be handed. */
  readonly body: string
  /** Of the queue or topic that it went through. */
  readonly arn: string | undefined
  /** Those with the same number are handed over together, whenever they happened. */
  readonly batch: number | undefined
}

const EXPECTED =
  'Expected: an EventBridge event, an array or lines of them, a batch as a function is handed it, or what aws sqs receive-message prints.'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this user',
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function eventIn(body: string): object {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : {}
  } catch {
    // Whoever is handed it says so.
    return {}
  }
}

async function textOf(word: string, { cwd, stdin = process.stdin }: Io): Promise<string> {
  if (word === '-') return textOfStream(stdin)
  try {
    return readFileSync(resolve(cwd, word), 'utf8')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const why = REASONS[code] ?? `cannot be read (${code})`
    throw new CommandError('usage', `${show(word, 200)} ${why}.`, 'Give files with events, or - for what comes in.')
  }
}

function foundIn(text: string, name: string): (Found & { readonly document: number })[] {
  try {
    return [...documentsIn(text)].flatMap((value, document) => unwrap(value).map((found) => ({ ...found, document })))
  } catch (error) {
    if (!(error instanceof NoJson)) throw error
    throw new CommandError('usage', `${name}:${error.line}: no JSON: ${error.message}.`, EXPECTED)
  }
}

/** @param before how many documents there were in the files before */
async function inputsIn(word: string, io: Io, before: number): Promise<{ inputs: Input[]; documents: number }> {
  const name = word === '-' ? 'stdin' : oneLine(word)
  const found = foundIn(await textOf(word, io), name)
  if (found.length === 0) throw new CommandError('usage', `${name} holds no event.`, EXPECTED)
  const inputs = found.map(({ body, arn, isBatch, document }, index) => ({
    ...{ name: found.length === 1 ? name : `${name}#${index + 1}`, file: name, event: eventIn(body), body, arn },
    batch: isBatch ? before + document : undefined,
  }))
  return { inputs, documents: 1 + Math.max(...found.map(({ document }) => document)) }
}

/**
 * The events of files, in their order.
 * @param words paths, and `-` for stdin
 * @throws {CommandError} that names the file, and the line where it is no JSON
 */
export async function readInputs(words: readonly string[], io: Io): Promise<readonly Input[]> {
  const all: Input[] = []
  let documents = 0
  for (const word of words) {
    const { inputs, documents: read } = await inputsIn(word, io, documents)
    all.push(...inputs)
    documents += read
  }
  return all
}
