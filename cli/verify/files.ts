import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'

const LONGEST = 200

/** Bytes of a file that the command line names. @param what `The bundle` @throws {CommandError} where it cannot be read, or is too large */
export function fileOf(path: string, { cwd }: Io, what: string, limit = Number.POSITIVE_INFINITY): Buffer {
  const file = resolve(cwd, path)
  try {
    if (statSync(file).size > limit) throw tooLarge(path, what, limit)
    return readFileSync(file)
  } catch (error) {
    if (error instanceof CommandError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new CommandError('usage', `${what} ${show(path, LONGEST)} cannot be read (${code}).`)
  }
}

const tooLarge = (path: string, what: string, limit: number): CommandError =>
  new CommandError('usage', `${what} ${show(path, LONGEST)} is larger than ${limit / 1_048_576} MiB.`)

export const isThere = (path: string, { cwd }: Io): boolean =>
  statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isFile() === true
