import { readFileSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { type Fault, faultText } from './fault.ts'
import { parseConfig } from './parse.ts'
import type { StewardConfig } from './steward-config.ts'

export type { Fault } from './fault.ts'
export { type ParsedConfig, parseConfig } from './parse.ts'
export type { StewardConfig } from './steward-config.ts'

const MOST_NAMED = 50
const MOST_BYTES = 1_000_000

/** The configuration cannot be used. `message` is ready to print; `faults` is empty where there was nothing to parse. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly Fault[]

  constructor(message: string, faults: readonly Fault[] = []) {
    super(message)
    this.faults = faults
  }
}

const REASONS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) =>
    `not found in ${resolve(path, '..')}. Run the command in the folder that holds it, or write one: docs/configuration.md shows how`,
  ENOTDIR: (path) => `not found: ${resolve(path, '..')} is not a folder`,
  EACCES: () => 'may not be read by this user. Give it the right to: chmod u+r on the file, u+x on its folders',
  EPERM: () => 'may not be read by this user. Give it the right to: chmod u+r on the file, u+x on its folders',
  ELOOP: () => 'is a link that leads back to itself. Replace it by the file',
}

/** As seen from where the command was run, so that an editor's terminal can open it. */
const shown = (path: string): string => {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : near
}

const problem = (path: string, what: string): ConfigError => new ConfigError(`${shown(path)}: ${what}.`)

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown')

function readBytes(path: string): Buffer {
  try {
    const found = statSync(path)
    if (found.isDirectory()) throw problem(path, 'is a folder, expected a file. Give the path of the file in it')
    if (!found.isFile()) throw problem(path, 'is not a regular file. Give the path of a file')
    if (found.size > MOST_BYTES) {
      throw problem(path, `has ${found.size} bytes, expected at most ${MOST_BYTES}. Check that it is the right file`)
    }
    return readFileSync(path)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const code = codeOf(error)
    throw problem(path, REASONS[code]?.(path) ?? `cannot be read (${code}). Check the file and its folder`)
  }
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw problem(path, 'is not UTF-8 text. Save it again as UTF-8')
  }
}

/** Text of a configuration file. @throws {ConfigError} where there is none to be read */
export const configText = (path: string): string => decode(path, readBytes(path))

/** The first faults as lines, and how many there are beside them. */
function faultLines(faults: readonly Fault[]): string {
  const lines = faults.slice(0, MOST_NAMED).map(faultText)
  const more = faults.length - lines.length
  return [...lines, ...(more > 0 ? [`… and ${more} more faults. Mend these first.`] : [])].join('\n')
}

const printWarning = (line: string): void => console.warn(`warning: ${line}`)

/**
 * Reads a configuration file.
 * @param warn takes one line for each thing that is valid and yet looks like a mistake; standard error by default
 * @param now decides which exceptions are warned about
 * @throws {ConfigError} with every fault at once
 */
export function loadConfig(
  path: string,
  warn: (line: string) => void = printWarning,
  now: Date = new Date(),
): StewardConfig {
  const result = parseConfig(configText(path), shown(path), now)
  if ('faults' in result) throw new ConfigError(faultLines(result.faults), result.faults)
  for (const warning of result.warnings) warn(faultText(warning))
  return result.config
}
