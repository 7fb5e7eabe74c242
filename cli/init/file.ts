import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, unlink, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import { CommandError } from '../command-error.ts'
import { nearPath } from '../configuration.ts'
import type { Io } from '../io.ts'

/** Where the file goes: a path as it is seen from here, or stdout. */
export type Destination = { readonly path: string; readonly name: string } | 'stdout'

/** @throws {CommandError} for a file that is there, and would be lost */
export function destinationOf(output: string | undefined, force: boolean, io: Io): Destination {
  if (output === '-') return 'stdout'
  const path = resolve(io.cwd, output ?? 'steward.yaml')
  const name = nearPath(path, io)
  if (force || !existsSync(path)) return { path, name }
  throw new CommandError(
    'usage',
    `${show(name, 200)} is there already, and would be lost. Nothing was asked of the account.`,
    'Look at the new one first: ecr-steward init --output -',
    'Overwrite it: --force. Write another file: --output FILE.',
  )
}

const refusal = (name: string, { code }: NodeJS.ErrnoException): CommandError =>
  code === 'EEXIST'
    ? new CommandError(
        'usage',
        `${show(name, 200)} was made meanwhile, and is left as it is.`,
        'Overwrite it: --force.',
      )
    : new CommandError('usage', `${show(name, 200)} cannot be written (${code}).`, 'Name a file with --output.')

/** Writes all of it, or leaves what is there. @throws {CommandError} */
export async function writeWhole(
  { path, name }: Exclude<Destination, string>,
  text: string,
  force: boolean,
): Promise<void> {
  try {
    if (!force) return await writeFile(path, text, { flag: 'wx' })
    const temporary = `${path}.${randomUUID()}.tmp`
    await writeFile(temporary, text, { flag: 'wx' })
    await rename(temporary, path).catch(async (error: unknown) => {
      await unlink(temporary)
      throw error
    })
  } catch (error) {
    throw refusal(name, error as NodeJS.ErrnoException)
  }
}
