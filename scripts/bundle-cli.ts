import { chmodSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'
import { RULES } from '../functions/domain/rulebook.ts'
import { ONE_FILE } from '../infra/bundle.ts'
import { ROOT } from './step.ts'

/** What is asked at each press of a key, and does nothing that a command does. */
const COMPLETE = 'complete.cjs'

/** The file that `bin` of package.json names comes first. Most of a start is reading code: a file is read when it is imported. */
const FILES: Readonly<Record<string, string>> = {
  'ecr-steward.cjs': 'cli/main.ts',
  'run.cjs': 'cli/run.ts',
  [COMPLETE]: 'cli/completion/complete.ts',
  'list-repositories.cjs': 'cli/completion/list-repositories.ts',
  'provider-chain.cjs': 'cli/aws/provider-chain.ts',
  'refresh-root.cjs': 'cli/verify/refresh-root.ts',
  'verifier.cjs': 'functions/policy/evidence/sigstore/verifier.ts',
  'evidence.cjs': 'functions/adapters/evidence/evidence.ts',
  're2js.cjs': 're2js',
}

/** Whatever is imported when it is needed, and has a file, stays there; what commands import to run is not for completing them. */
const apartFrom = (into: string): Plugin => ({
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ path, kind }) => {
      if (kind !== 'dynamic-import') return undefined
      const file = `${basename(path, '.ts')}.cjs`
      if (file in FILES) return { path: `./${file}`, external: true }
      return into === COMPLETE ? { path, external: true } : undefined
    })
  },
})

/** Large, and used by several files: once is enough. */
const shared: Plugin = {
  name: 'shared',
  setup({ onResolve }) {
    onResolve({ filter: /^re2js$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: `./${path}.cjs`, external: true },
    )
  },
}

/** Of the rules, completing needs the names: without this, 200 KiB would come along for them. */
const ruleNamesAlone: Plugin = {
  name: 'rule names alone',
  setup({ onLoad }) {
    const names = RULES.map(({ id }) => id)
    onLoad({ filter: /\/completion\/rule-names\.ts$/ }, () => ({
      contents: `export const ruleNames = () => ${JSON.stringify(names)}`,
    }))
  },
}

/** Of package.json the version is all that is used: the rest need not be read, nor change the bundle. */
export const versionAlone: Plugin = {
  name: 'version alone',
  setup({ onLoad }) {
    const path = join(ROOT, 'package.json')
    const { version } = JSON.parse(readFileSync(path, 'utf8'))
    onLoad({ filter: /\/package\.json$/ }, (file) =>
      file.path === path ? { contents: JSON.stringify({ version }), loader: 'json' } : undefined,
    )
  },
}

/**
 * `yaml` as modules, of which nothing comes along that is not used: 14 KiB less. It differs from what Node gets by itself in how
 * it warns and in tags of binary values, which steward.yaml has none of.
 */
export const LEAN = { yaml: join(ROOT, 'node_modules/yaml/browser/dist/index.js') }

/**
 * Writes the command line with all that it imports: a few files that run by themselves, on Node 20 or newer.
 * @param outdir absolute
 * @returns what went into each
 */
export async function bundleCli(outdir: string): Promise<readonly Metafile[]> {
  const results = await Promise.all(
    Object.entries(FILES).map(([file, entry]) =>
      build({
        ...ONE_FILE,
        ...{
          entryPoints: [entry],
          outfile: join(outdir, file),
          target: 'node20',
          plugins: [apartFrom(file), shared, ruleNamesAlone, versionAlone],
          metafile: true,
        },
        alias: { ...LEAN, 'make-fetch-happen': join(ROOT, 'cli/verify/plain-fetch.ts') },
      }),
    ),
  )
  chmodSync(join(outdir, 'ecr-steward.cjs'), 0o755)
  return results.map(({ metafile }) => metafile)
}
