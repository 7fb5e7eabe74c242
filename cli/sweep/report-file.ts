import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import { Unreadable } from '../../functions/faults.ts'
import { KEYS } from '../../functions/sweep/contract.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import type { Format } from './options.ts'
import type { SweepStore } from './stores.ts'

/** Where reports of a bucket are put to be looked at. */
const COPIES = '.ecr-steward/reports'

type Named = { readonly id: string; readonly at: SweepStore }

/** The report of a sweep in a format. @throws {Unreadable} */
export async function reportText({ id, at: { store } }: Named, format: Format): Promise<string> {
  const stored = await store.read(KEYS.report(id, format))
  if (stored) return stored.text
  throw new Unreadable(`${store.name} has no ${KEYS.report(id, format)}`, true, undefined)
}

/** Writes a file for the caller alone: a report names what is vulnerable. @throws {CommandError} */
export async function writeReportFile(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { mode: 0o600 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandError(
      'usage',
      `The report cannot be written to ${show(path, 200)} (${code}).`,
      'Name a file with --output.',
    )
  }
}

/**
 * A file with the report: the one of the store where that is a folder, else a copy.
 * @returns its absolute path
 * @throws {Unreadable}
 */
export async function reportFile(sweep: Named, format: Format, { cwd }: Io): Promise<string> {
  const text = await reportText(sweep, format)
  const { folder } = sweep.at
  const own = folder === undefined ? undefined : join(folder, ...KEYS.report(sweep.id, format).split('/'))
  // A store may have a newer text under another name.
  if (own !== undefined && existsSync(own) && readFileSync(own, 'utf8') === text) return own
  const copy = resolve(cwd, COPIES, `${sweep.id}.${format}`)
  await writeReportFile(copy, text)
  return copy
}
