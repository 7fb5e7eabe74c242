import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import { didYouMean } from '../../config/suggest.ts'
import type { GateResult } from '../../functions/domain/gate/result.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { columnsOf, painter } from '../terminal.ts'
import type { Look } from './format.ts'
import { FORMATS } from './formats.ts'

/** Where a result goes, and how. */
export type Output = { readonly format: string; readonly file?: string }

const NAMES = Object.keys(FORMATS)
/** Columns of a file. */
const FILE_WIDTH = 120

function outputOf(given: string): Output {
  const [, format = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(given) ?? []
  if (!NAMES.includes(format))
    throw new CommandError(
      'usage',
      `${show(format)} is no format${didYouMean(format, NAMES) || '.'}`,
      `Expected ${NAMES.join(', ')}, each with =FILE or without.`,
    )
  if (file === '')
    throw new CommandError('usage', `--output ${format}= names no file.`, `For example: ${format}=report`)
  return file === undefined ? { format } : { format, file }
}

/**
 * What `--output` asks for; a table, unless told otherwise.
 * @throws {CommandError} also where two would be mixed on standard output, or in one file
 */
export function outputsOf(given: readonly string[]): readonly Output[] {
  const outputs = given.length === 0 ? [{ format: 'table' }] : given.map(outputOf)
  const places = outputs.map(({ file }) => file)
  const twice = places.find((place, index) => places.indexOf(place) < index)
  if (new Set(places).size === places.length) return outputs
  throw new CommandError(
    'usage',
    twice === undefined ? 'Two formats would be mixed on standard output.' : `Two formats would go to ${show(twice)}.`,
    'Give all but one a file: --output sarif=gate.sarif --output table',
  )
}

function writeFile(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new CommandError('unknown', `The result could not be written: ${(error as Error).message}`)
  }
}

/** Writes a result in every format that is asked for. @throws {CommandError} */
export async function writeOutputs(
  outputs: readonly Output[],
  result: GateResult,
  source: string,
  io: Io,
): Promise<void> {
  const { stdout, cwd } = io
  for (const { format: name, file } of outputs) {
    const { format } = (await FORMATS[name]?.()) ?? (await import('./formats/json.ts'))
    const plain: Look = { paint: (_, text) => text, width: FILE_WIDTH, source }
    if (file !== undefined) writeFile(resolve(cwd, file), format(result, plain))
    else stdout.write(format(result, { ...plain, paint: painter(stdout), width: columnsOf(stdout) }))
  }
}
