import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync, type Metafile } from 'esbuild'
import { ONE_FILE } from '../infra/bundle.ts'
import { ROOT } from './step.ts'

/** What `bin` of package.json names. */
export const CLI_FILE = 'dist/ecr-steward.cjs'

/**
 * Writes the command line with all that it imports as one file that runs by itself, on Node 20 or newer.
 * @param outfile absolute
 * @returns what went into it
 */
export function bundleCli(outfile: string): Metafile {
  const { metafile } = buildSync({
    ...ONE_FILE,
    entryPoints: ['cli/main.ts'],
    outfile,
    target: 'node20',
    metafile: true,
  })
  chmodSync(outfile, 0o755)
  return metafile
}

if (import.meta.main) {
  bundleCli(join(ROOT, CLI_FILE))
  console.log(`${CLI_FILE}: ${(statSync(join(ROOT, CLI_FILE)).size / 1_024).toFixed(0)} KiB`)
}
