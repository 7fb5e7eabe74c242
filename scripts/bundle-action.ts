import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { ONE_FILE, packagesIn } from '../infra/bundle.ts'
import { LEAN, versionAlone } from './bundle-cli.ts'
import { noticesOf } from './notices.ts'
import { ROOT } from './step.ts'

/** The file that `main` of action.yml names. */
const FILE = 'index.cjs'

const FOLDER = join(ROOT, 'action/dist')

/** Most KiB of code: every job of every user fetches it with the repository. What verifies signatures is 300 of it. */
export const BUDGET = 1_200

/** The one command that the action runs, in the place of all. */
const oneCommand: Plugin = {
  name: 'one command',
  setup({ onResolve }) {
    onResolve({ filter: /\/commands\.ts$/ }, () => ({ path: join(ROOT, 'action/commands.ts') }))
  },
}

/**
 * Writes the action with all that it imports, and the notices of the packages in it. The same files from the same sources,
 * wherever they are.
 * @param outdir absolute
 * @returns names of the packages of which something is in it
 */
export async function bundleAction(outdir: string): Promise<readonly string[]> {
  const { metafile } = await build({
    ...ONE_FILE,
    ...{
      entryPoints: ['action/main.ts'],
      outfile: join(outdir, FILE),
      target: 'node24',
      plugins: [oneCommand, versionAlone],
    },
    ...{ metafile: true, alias: LEAN },
  })
  const packages = packagesIn(metafile).toSorted()
  writeFileSync(join(outdir, 'NOTICES.txt'), noticesOf(packages, join(ROOT, 'node_modules')))
  return packages
}

/** Names of the files under `folder` that are absent, or are not as they would be built in `built`. */
export const outdated = (folder: string, built: string): readonly string[] =>
  readdirSync(built).filter((name) => {
    const path = join(folder, name)
    return !existsSync(path) || !readFileSync(path).equals(readFileSync(join(built, name)))
  })

/** @returns the exit code, and a line for people */
async function check(): Promise<{ readonly code: number; readonly line: string }> {
  const built = mkdtempSync(join(tmpdir(), 'steward-action-'))
  try {
    await bundleAction(built)
    const stale = outdated(FOLDER, built).map((name) => `action/dist/${name}`)
    if (stale.length > 0)
      return {
        code: 1,
        line: `Out of date: ${stale.join(', ')}. Run node scripts/bundle-action.ts and commit what it writes.`,
      }
    const kib = statSync(join(built, FILE)).size / 1_024
    const line = `action/dist/${FILE}: ${kib.toFixed(1)} KiB of ${BUDGET}`
    return kib > BUDGET ? { code: 1, line: `${line}: over budget. What is new in the bundle?` } : { code: 0, line }
  } finally {
    rmSync(built, { recursive: true })
  }
}

if (import.meta.main) {
  if (!process.argv.includes('--check')) {
    rmSync(FOLDER, { recursive: true, force: true })
    await bundleAction(FOLDER)
  }
  const { code, line } = await check()
  console.log(line)
  process.exitCode = code
}
