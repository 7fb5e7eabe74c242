import { join } from 'node:path'
import { type BuildOptions, buildSync, type Metafile } from 'esbuild'
import { leftOut } from './left-out.ts'

const ROOT = join(import.meta.dirname, '..')

export type BundleProps = {
  /** Handler, absolute. */
  readonly entry: string
  /** Existing folder that gets `index.js`. */
  readonly outdir: string
  /** What the bundle finds as `STEWARD_CONFIG`. With `vouching`, what reads and verifies signatures is built in too. */
  readonly config: object
}

/** One small CommonJS file with all that it imports, whatever is to run it. */
export const ONE_FILE = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'cjs',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions

/**
 * Writes a handler and all that it imports as one CommonJS file. In this process: a shell would read the configuration,
 * and `NodejsFunction` would talk.
 * @returns what went into it
 * @throws {Error} of esbuild, with file and line
 */
export const bundle = ({ entry, outdir, config }: BundleProps): Metafile =>
  buildSync({
    ...ONE_FILE,
    entryPoints: [entry],
    outfile: join(outdir, 'index.js'),
    target: 'node24',
    alias: leftOut(config),
    define: { STEWARD_CONFIG: JSON.stringify(config), STEWARD_EVIDENCE: String('vouching' in config) },
    metafile: true,
  }).metafile

/** Names of the npm packages of which something is in the bundle. */
export const packagesIn = ({ outputs }: Metafile): readonly string[] =>
  [...new Set(Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)))].flatMap(
    (file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
  )
