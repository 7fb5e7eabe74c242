import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { loadConfig, type StewardConfig } from '../config/load.ts'
import { CommandError } from './command-error.ts'
import type { Io } from './io.ts'
import { painter } from './terminal.ts'

const NAME = 'steward.yaml'

/** Folders from here upwards to the root of the git repository; outside of one, this folder alone. */
function foldersFrom(cwd: string): readonly string[] {
  const folders = [cwd]
  for (let folder = cwd; !existsSync(join(folder, '.git')); folder = dirname(folder)) {
    if (dirname(folder) === folder) return [cwd]
    folders.push(dirname(folder))
  }
  return folders
}

/** The configuration that is meant, as an absolute path; undefined where none is named and none is near. */
export function findConfiguration(given: string | undefined, { cwd, env }: Io): string | undefined {
  const named = given ?? (env.ECR_STEWARD_CONFIG || undefined)
  if (named !== undefined) return resolve(cwd, named)
  return foldersFrom(cwd)
    .map((folder) => join(folder, NAME))
    .find((path) => existsSync(path))
}

/** @throws {CommandError} where there is none */
export function needConfiguration(given: string | undefined, io: Io): string {
  const path = findConfiguration(given, io)
  if (path !== undefined) return path
  throw new CommandError(
    'usage',
    `There is no ${NAME} here, nor in a folder above it within a git repository.`,
    'Name one with --config FILE or in ECR_STEWARD_CONFIG.',
    'A first one by what the account has: ecr-steward init',
  )
}

/** A path as it is seen from where the command runs, where it is not far away. */
export function nearPath(path: string, { cwd }: Io): string {
  const near = relative(cwd, path)
  return near === '' || near.startsWith('..') ? path : near
}

export type Configuration = { readonly path: string; readonly config: StewardConfig }

const toStderr =
  ({ stderr }: Io) =>
  (line: string): void =>
    void stderr.write(`${painter(stderr)('yellow', 'warning:')} ${line}\n`)

/**
 * Reads the configuration.
 * @param warn takes what looks like a mistake in it; stderr unless given
 * @throws {CommandError} where there is none
 * @throws {ConfigError} with every fault at once
 */
export function readConfiguration(given: string | undefined, io: Io, warn = toStderr(io)): Configuration {
  const path = needConfiguration(given, io)
  return { path, config: loadConfig(path, warn, io.now()) }
}
