import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { shellWord } from '../../functions/domain/rule/aws-command.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'

/** Where policies are kept before they are changed: a folder of its own for each run. */
export type Saved = {
  /** @returns the line that puts it back @throws {CommandError} where it cannot be kept: nothing is changed then */
  keep(ref: RepositoryRef, text: string): string
}

/** `lifecycle-policies-2026-11-25T12-00-00Z` */
const folderAt = (now: Date): string =>
  `lifecycle-policies-${now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')}`

/** A folder below the working directory, made when the first policy comes. Never over a file that is there. */
export function savedPolicies({ cwd, now }: Pick<Io, 'cwd' | 'now'>): Saved {
  const folder = folderAt(now())
  return {
    keep({ account, region, repository }, text) {
      const free = (name: string): string => {
        const path = join(folder, account, region, `${name}.json`)
        return existsSync(resolve(cwd, path)) ? free(`${name}_`) : path
      }
      const path = free(repository)
      try {
        mkdirSync(dirname(resolve(cwd, path)), { recursive: true })
        writeFileSync(resolve(cwd, path), text, { flag: 'wx' })
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        throw new CommandError(
          'unknown',
          `${path} cannot be written (${code}), so the policy of ${repository} is left as it is.`,
          'Run it in a folder that can be written: what is replaced or deleted is kept there first.',
        )
      }
      const line = ['ecr-steward lifecycle apply', shellWord(path), shellWord(repository)]
      return [...line, '--region', region, '--replace', '--yes'].join(' ')
    },
  }
}
