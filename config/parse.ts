import * as v from 'valibot'
import { unusedChannels } from './checks/channels.ts'
import { doubtfulCleanUp } from './checks/clean-up.ts'
import { doubtfulExceptions } from './checks/doubts.ts'
import { doubtfulQuarantine } from './checks/quarantine.ts'
import { uncovered } from './checks/shadows.ts'
import { doubtfulSigners } from './checks/signers.ts'
import { parseYaml } from './document.ts'
import { type Fault, pathText, sorted } from './fault.ts'
import { faultsOf } from './faults.ts'
import { namedFiles } from './named-files.ts'
import type { ReadFile } from './policy-files.ts'
import { ConfigFileSchema } from './schema.ts'
import type { PathFault } from './shape.ts'
import { type StewardConfig, toConfig } from './steward-config.ts'

export type ParsedConfig =
  | { readonly config: StewardConfig; readonly warnings: readonly Fault[] }
  | { readonly faults: readonly Fault[] }

const EXAMPLE = 'docs/configuration.md shows a complete one'

/**
 * Reads the text of a configuration file. Never throws: either a configuration, with what looks like a mistake in it,
 * or every fault at once in the order of the file.
 * @param now decides which exceptions have expired, or soon will
 * @param readFile reads a file that the configuration names, as seen from its folder
 */
export function parseConfig(
  text: string,
  fileName: string,
  now: Date,
  readFile: ReadFile = () => ({ problem: 'cannot be read here' }),
): ParsedConfig {
  const { value, misprints, offsetOf, position } = parseYaml(text)
  const place = (offset: number) => ({ file: fileName, ...position(offset) })
  const toFault = ({ path, at, message }: PathFault): Fault => ({
    ...place(offsetOf(path, at)),
    path: pathText(path),
    message,
  })
  const unreadable = misprints.map(({ offset, message }) => ({ ...place(offset), path: '', message }))
  if (value === undefined) return { faults: sorted(unreadable) }
  if (value === null)
    return { faults: [{ ...place(0), path: '', message: `found nothing, expected a configuration: ${EXAMPLE}` }] }
  const files = namedFiles(readFile)
  const result = v.safeParse(ConfigFileSchema, value)
  const faults = [...unreadable, ...faultsOf(value, result.issues ?? [], files).map(toFault)]
  if (!result.success || faults.length > 0) return { faults: sorted(faults) }
  const config = toConfig(result.output, (path) => position(offsetOf(path, 'key')).line, files)
  const doubts = [
    ...uncovered(value),
    ...unusedChannels(value),
    ...doubtfulExceptions(config, now),
    ...doubtfulCleanUp(config),
    ...doubtfulSigners(value, config),
    ...doubtfulQuarantine(config),
  ]
  return { config, warnings: sorted(doubts.map(toFault)) }
}
