import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'
import { ONE_FILE } from '../infra/bundle.ts'
import { LEAN } from './bundle-cli.ts'
import { importsOf } from './dependencies.ts'
import { ROOT } from './step.ts'

/** Folders of functions/ whose handler a construct of the package deploys. */
const HANDLERS = ['account-settings', 'gate']

/** In the package, handlers are bundled beforehand. */
const packagedHandlers: Plugin = {
  name: 'packaged handlers',
  setup({ onResolve }) {
    onResolve({ filter: /\/handler-code\.ts$/ }, () => ({ path: join(ROOT, 'infra/packaged-code.ts') }))
  },
}

/** A handler whose configuration is a variable that is declared before it. */
const bundleHandler = (name: string, outdir: string) =>
  build({
    ...ONE_FILE,
    ...{ entryPoints: [`functions/${name}/handler.ts`], outfile: join(outdir, 'functions', name, 'index.js') },
    ...{ target: 'node24', metafile: true },
  })

/**
 * Writes the constructs as `cdk.cjs`, with their types and the handlers that they deploy. What uses them brings the CDK along.
 * @param outdir absolute
 * @returns what went into each file
 */
export async function bundleConstructs(outdir: string): Promise<readonly Metafile[]> {
  mkdirSync(outdir, { recursive: true })
  const constructs = build({
    ...ONE_FILE,
    ...{ entryPoints: ['infra/constructs.ts'], outfile: join(outdir, 'cdk.cjs'), target: 'node20', metafile: true },
    ...{ external: ['aws-cdk-lib', 'constructs'], plugins: [packagedHandlers], alias: LEAN },
  })
  const results = await Promise.all([constructs, ...HANDLERS.map((name) => bundleHandler(name, outdir))])
  return results.map(({ metafile }) => metafile)
}

/** A declaration names others as they are called in the sources. */
const published = (text: string): string => text.replaceAll(/(?<=from '\.[^']*)\.ts'/g, ".js'")

/** The file, and all that it names, from one folder into another. */
function copyReachable(file: string, from: string, to: string, seen = new Set<string>()): void {
  if (seen.has(file)) return
  seen.add(file)
  const text = readFileSync(join(from, file), 'utf8')
  mkdirSync(dirname(join(to, file)), { recursive: true })
  writeFileSync(join(to, file), published(text))
  const targets = importsOf(file, text).filter((target) => target.endsWith('.ts'))
  for (const target of targets) copyReachable(target.replace(/\.ts$/, '.d.ts'), from, to, seen)
}

/** Writes the declarations of the constructs, and of all that they name. @param outdir absolute */
export function declareConstructs(outdir: string): void {
  const all = mkdtempSync(join(tmpdir(), 'steward-types-'))
  const words = ['-p', 'tsconfig.constructs.json', '--outDir', all]
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), words, { cwd: ROOT, stdio: 'inherit' })
  copyReachable('infra/constructs.d.ts', all, outdir)
  rmSync(all, { recursive: true })
  // They declare what is in cdk.cjs, which both kinds of modules can import.
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n')
}
