import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { init, type ModuleInfos } from 'license-checker-rseidelsohn'
import { bundle, packagesIn } from '../infra/bundle.ts'
import { bundleAction } from './bundle-action.ts'
import { bundleCli } from './bundle-cli.ts'
import { ROOT } from './step.ts'

/** Licences that ask for nothing but their notice. Those of Creative Commons are of the lists of SPDX, which are data. */
export const ALLOWED: readonly string[] = [
  ...['Apache-2.0', 'MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'],
  ...['CC0-1.0', 'CC-BY-3.0'],
]

/** Name of a package → its licence. */
export type Licences = ReadonlyMap<string, string>

const nameOf = (nameAndVersion: string): string => nameAndVersion.replace(/@[^@]*$/, '')

const listed = (infos: ModuleInfos): Licences =>
  new Map(Object.entries(infos).map(([name, { licenses }]) => [nameOf(name), String(licenses)]))

/** Every package that is installed. Those that are only worked with may have any licence: they are not passed on. */
const installedLicences = (): Promise<Licences> =>
  new Promise((resolve, reject) => {
    init({ start: ROOT }, (error, infos) => (error ? reject(error) : resolve(listed(infos))))
  })

/** Every package of which there is something in a function, in the command line or in the action. */
async function bundled(): Promise<readonly string[]> {
  const outdir = mkdtempSync(join(tmpdir(), 'steward-licences-'))
  try {
    const handlers = globSync('functions/*/handler.ts', { cwd: ROOT })
    const functions = handlers.map((file) => bundle({ entry: join(ROOT, file), outdir, config: {} }))
    const ours = [...functions, ...(await bundleCli(outdir))].flatMap(packagesIn)
    return [...new Set([...ours, ...(await bundleAction(outdir))])]
  } finally {
    rmSync(outdir, { recursive: true })
  }
}

/** Of the packages in the bundles alone. */
export const passedOn = (licences: Licences, inBundles: readonly string[]): Licences =>
  new Map(inBundles.map((name) => [name, licences.get(name) ?? 'unknown']))

/** One line for each package that must not be there. */
export const faults = (licences: Licences): readonly string[] =>
  [...licences]
    .filter(([, licence]) => !ALLOWED.includes(licence))
    .map(([name, licence]) => `${name} has the licence ${licence}, allowed are ${ALLOWED.join(', ')}`)

/** `25 Apache-2.0, 4 MIT` */
export const tally = (licences: Licences): string =>
  [...Map.groupBy(licences.values(), (licence) => licence)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([licence, packages]) => `${packages.length} ${licence}`)
    .join(', ')

async function main(): Promise<number> {
  // The checker asks Node for files by no name.
  process.noDeprecation = true
  const licences = passedOn(await installedLicences(), await bundled())
  const found = faults(licences)
  for (const line of found) console.error(line)
  console.log(`${licences.size} packages in bundles: ${tally(licences)}`)
  return found.length === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = await main()
