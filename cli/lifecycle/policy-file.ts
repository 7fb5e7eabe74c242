import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'

/** Whether a word names a file, not a repository: a folder may have the name of a repository. */
export function isFile(word: string, { cwd }: Io): boolean {
  return word.endsWith('.json') || statSync(resolve(cwd, word), { throwIfNoEntry: false })?.isFile() === true
}

/** Text of a file. @throws {CommandError} where it cannot be read */
export function policyFile(path: string, { cwd }: Io): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandError(
      'usage',
      `${show(path, 200)} cannot be read (${code}).`,
      'It has to be a file with what aws ecr put-lifecycle-policy takes as --lifecycle-policy-text.',
    )
  }
}
