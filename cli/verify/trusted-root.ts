import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import { CommandError } from '../command-error.ts'
import { findConfiguration, readConfiguration } from '../configuration.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { writeTable } from '../table.ts'
import { fileOf } from './files.ts'
import { type RootInUse, rootAge, rootInUse } from './root-age.ts'
import { rootParts } from './root-parts.ts'

export type RootOptions = {
  readonly refresh: string | undefined
  readonly mirror: string | undefined
  readonly mirrorRoot: string | undefined
  readonly config: string | undefined
}

const MIB = 1_048_576

function configured({ config }: RootOptions, io: Io): RootInUse {
  const found = findConfiguration(config, io)
  return rootInUse(found === undefined ? undefined : readConfiguration(config, io).config.trustedRoot)
}

function tell({ root, of }: RootInUse, io: Io): void {
  const rows = rootParts(root).map(({ what, name, since, until }) =>
    [what, name, since, until ?? ''].map((text) => ({ text })),
  )
  writeTable(io.stdout, ['part', 'of', 'since', 'until'], rows)
  const age = rootAge(root, io.now())
  io.stderr.write(
    `The root is ${of}${age ? `; ${age.words}` : ''}. The current one: ecr-steward trusted-root --refresh FILE\n`,
  )
}

async function fetched({ mirror, mirrorRoot }: RootOptions, io: Io): Promise<string> {
  const rootPath = mirrorRoot === undefined ? undefined : resolve(io.cwd, mirrorRoot)
  if (mirrorRoot !== undefined) fileOf(mirrorRoot, io, 'The root of the mirror', MIB)
  const { currentRoot } = await import('./refresh-root.ts')
  try {
    return await currentRoot(mirror, rootPath)
  } catch (error) {
    throw new CommandError(
      'unknown',
      `The current root could not be fetched: ${show((error as Error).message, 300)}.`,
      'What was trusted before is trusted still: nothing was written.',
    )
  }
}

async function refresh(file: string, options: RootOptions, io: Io): Promise<void> {
  const text = await fetched(options, io)
  const { trustOf } = await import('../../functions/policy/evidence/sigstore/verifier.ts')
  try {
    trustOf(JSON.parse(text))
  } catch {
    throw new CommandError('unknown', 'What the mirror has is no trusted root of Sigstore: nothing was written.')
  }
  try {
    writeFileSync(resolve(io.cwd, file), text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandError('usage', `${show(file, 200)} cannot be written (${code}).`)
  }
  tell({ root: JSON.parse(text), of: `in ${show(file, 200)}` }, io)
}

/**
 * Shows the trusted root that is in use, or fetches the current one.
 * @throws {CommandError}
 */
export async function showTrustedRoot(options: RootOptions, io: Io): Promise<Exit> {
  if (options.refresh !== undefined) await refresh(options.refresh, options, io)
  else if (options.mirror !== undefined || options.mirrorRoot !== undefined)
    throw new CommandError('usage', 'A mirror is fetched from with --refresh FILE alone.')
  else tell(configured(options, io), io)
  return 'pass'
}
