import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type EventInput, timeOf } from '../cli/replay/event-input.ts'
import { oneLine } from '../cli/terminal.ts'
import { UserError } from './user-error.ts'

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOENT') throw new UserError(`${file}: no such file; samples are in events/`)
    if (code === 'EISDIR')
      throw new UserError(`${file}: is a folder; name its files, for example ${join(file, '*.json')}`)
    throw new UserError(`${file}: cannot be read (${String(code)}); check its permissions`)
  }
}

function readJson(file: string): unknown {
  // Editors on Windows begin files with a byte order mark.
  const text = readText(file).replace(/^\uFEFF/, '')
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? oneLine(error.message, 120) : ''
    throw new UserError(`${file}: not JSON: ${why}; give one EventBridge event or an array of them`)
  }
}

const kindOf = (value: unknown): string => {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}

function toInput(file: string, name: string, event: unknown): EventInput {
  if (isObject(event)) return { name, file, event }
  throw new UserError(`${name}: an EventBridge event is a JSON object, found ${kindOf(event)}`)
}

/** The events of a file, in the order of the file. @throws {UserError} naming the file and what is wrong with it */
export function readEvents(file: string): EventInput[] {
  const value = readJson(file)
  if (!Array.isArray(value)) return [toInput(file, file, value)]
  if (value.length === 0)
    throw new UserError(`${file}: holds no events; give one EventBridge event or an array of them`)
  return value.map((event, index) => toInput(file, `${file}#${index + 1}`, event))
}

/** The samples that come with the product, in the order in which they happened. */
export function sampleEvents(folder: string): EventInput[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const inputs = files.toSorted().flatMap((name) => readEvents(relative(process.cwd(), join(folder, name))))
  return inputs.toSorted((a, b) => (timeOf(a.event) ?? 0) - (timeOf(b.event) ?? 0))
}
