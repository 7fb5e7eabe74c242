import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { RepositoryRef } from '../functions/domain/facts/repository-facts.ts'
import { CommandError } from './command-error.ts'
import type { Io } from './io.ts'

/** Where texts of repositories are kept before something is changed: a folder of its own for each run. */
export type SavedFiles = {
  /**
   * @param ending of the name of the file, with its dot: the rest is that of the repository
   * @param left what is left alone where it cannot be kept: `the policy of prod/api is left as it is`
   * @returns its path from the working directory
   * @throws {CommandError} where it cannot be kept: nothing is changed then
   */
  keep(ref: RepositoryRef, ending: string, text: string, left: string): string
}

/** `lifecycle-policies-2026-11-25T12-00-00Z` */
const folderAt = (kind: string, now: Date): string =>
  `${kind}-${now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')}`

/** A folder below the working directory, made when the first text comes. Never over a file that is there. @param kind of texts, with which its name begins */
export function savedFiles(kind: string, { cwd, now }: Pick<Io, 'cwd' | 'now'>): SavedFiles {
  const folder = folderAt(kind, now())
  return {
    keep({ account, region, repository }, ending, text, left) {
      const free = (name: string): string => {
        const path = join(folder, account, region, `${name}${ending}`)
        return existsSync(resolve(cwd, path)) ? free(`${name}_`) : path
      }
      const path = free(repository)
      try {
        mkdirSync(dirname(resolve(cwd, path)), { recursive: true })
        writeFileSync(resolve(cwd, path), text, { flag: 'wx' })
        return path
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        throw new CommandError(
          'unknown',
          `${path} cannot be written (${code}), so ${left}.`,
          'Run it in a folder that can be written: what is replaced or deleted is kept there first.',
        )
      }
    },
  }
}
