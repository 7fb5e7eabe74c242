import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packagesIn } from '../infra/bundle.ts'
import { bundleCli } from './bundle-cli.ts'
import { bundleConstructs, declareConstructs } from './bundle-constructs.ts'
import { noticesOf } from './notices.ts'
import { ROOT } from './step.ts'

/** Writes what the npm package holds into `dist`: the command line, the constructs, and whose code is in them. */
async function main(): Promise<void> {
  const outdir = join(ROOT, 'dist')
  rmSync(outdir, { recursive: true, force: true })
  const bundles = [...(await bundleCli(outdir)), ...(await bundleConstructs(outdir))]
  declareConstructs(join(outdir, 'types'))
  const packages = [...new Set(bundles.flatMap(packagesIn))].toSorted()
  writeFileSync(join(outdir, 'NOTICES.txt'), noticesOf(packages, join(ROOT, 'node_modules')))
  const files = readdirSync(outdir, { withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { name } of files)
    console.log(`dist/${name}: ${(statSync(join(outdir, name)).size / 1_024).toFixed(1)} KiB`)
}

await main()
