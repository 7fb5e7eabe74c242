import { dirname, resolve } from 'node:path'
import { type Fault, faultText } from './fault.ts'
import { parseConfig } from './parse.ts'
import type { ReadFile } from './policy-files.ts'
import type { StewardConfig } from './steward-config.ts'
import { nearPath, readText } from './text-file.ts'

export type { Fault } from './fault.ts'
export { type ParsedConfig, parseConfig } from './parse.ts'
export type { StewardConfig } from './steward-config.ts'

const MOST_NAMED = 50

/** The configuration cannot be used. `message` is ready to print; `faults` is empty where there was nothing to parse. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly Fault[]

  constructor(message: string, faults: readonly Fault[] = []) {
    super(message)
    this.faults = faults
  }
}

const HOW_TO_BEGIN = '. Run the command in the folder that holds it, or write one: docs/configuration.md shows how'

/** Text of a configuration file. @throws {ConfigError} where there is none to be read */
export function configText(path: string): string {
  const read = readText(path)
  if ('text' in read) return read.text
  throw new ConfigError(`${nearPath(path)}: ${read.problem}${read.isMissing ? HOW_TO_BEGIN : ''}.`)
}

/** The files that a configuration names, as seen from its folder. */
export const filesBeside =
  (path: string): ReadFile =>
  (name) =>
    readText(resolve(dirname(path), name))

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
  const result = parseConfig(configText(path), nearPath(path), now, filesBeside(path))
  if ('faults' in result) throw new ConfigError(faultLines(result.faults), result.faults)
  for (const warning of result.warnings) warn(faultText(warning))
  return result.config
}
