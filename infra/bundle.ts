import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BuildOptions, buildSync, type Metafile } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')

/** What a handler loads with `import()`, in a file of its own next to `index.js`. */
const LATER = 'later.js'

export type BundleProps = {
  /** Handler, absolute. */
  readonly entry: string
  /** Existing folder that gets `index.js`. */
  readonly outdir: string
  /** What the bundle finds as `STEWARD_CONFIG`. */
  readonly config: object
}

/** What performance.md found cheapest: CommonJS, ES sources, minified, no credential chain. */
const options = (config: object): BuildOptions & { readonly metafile: true; readonly write: false } => ({
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  define: { STEWARD_CONFIG: JSON.stringify(config) },
  alias: { '@aws-sdk/credential-provider-node': join(ROOT, 'functions/adapters/lambda-credentials.ts') },
  logLevel: 'silent',
  metafile: true,
  write: false,
})

type Later = { readonly specifier: string; readonly file: string }

/** The modules that our own code loads with `import()`. */
const loadedLater = ({ inputs }: Metafile): Later[] =>
  Object.entries(inputs)
    .filter(([file]) => file.startsWith('functions/'))
    .flatMap(([, { imports }]) => imports)
    .filter(({ kind, external }) => kind === 'dynamic-import' && !external)
    .map(({ path, original = path }) => ({ specifier: original, file: path }))

/** Names of the packages that are in it, at least in part. */
export const packagesIn = ({ inputs }: Metafile): readonly string[] => [
  ...new Set(Object.keys(inputs).flatMap((file) => file.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? [])),
]

const textOf = (result: { readonly outputFiles: readonly { readonly text: string }[] }): string =>
  result.outputFiles.map(({ text }) => text).join('')

/** esbuild keeps `import()` of what it leaves out; `require` spares the process the loader of ES modules. */
function requireLater(text: string, later: readonly Later[]): string {
  return later.reduce((code, { specifier }) => {
    const call = `import(${JSON.stringify(specifier)})`
    if (!code.includes(call)) throw new Error(`bundle: ${call} is not in the output of esbuild`)
    return code.replaceAll(call, `Promise.resolve().then(()=>require("./${LATER}"))`)
  }, text)
}

/**
 * Writes a handler as `index.js`, and all that it loads with `import()` as one more file: apart, esbuild drops what is
 * not used of it (a fifth of the SDK clients), and an event that needs none of it does not even read it.
 * @returns what it is made of
 * @throws {Error} of esbuild, with file and line
 */
export function bundle({ entry, outdir, config }: BundleProps): Metafile {
  const common = options(config)
  const whole = buildSync({ ...common, entryPoints: [entry] })
  const later = loadedLater(whole.metafile)
  if (later.length === 0) {
    writeFileSync(join(outdir, 'index.js'), textOf(whole))
    return whole.metafile
  }
  const contents = later.map(({ file }) => `export * from ${JSON.stringify(`./${file}`)}`).join('\n')
  const rest = buildSync({ ...common, stdin: { contents, resolveDir: ROOT, sourcefile: join(dirname(entry), LATER) } })
  const index = buildSync({ ...common, entryPoints: [entry], external: later.map(({ specifier }) => specifier) })
  writeFileSync(join(outdir, LATER), textOf(rest))
  writeFileSync(join(outdir, 'index.js'), requireLater(textOf(index), later))
  return whole.metafile
}
