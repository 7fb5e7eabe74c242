import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LICENCE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i
const RULER = `\n\n${'-'.repeat(80)}\n\n`

type About = { readonly version?: string; readonly license?: string }

/** `yaml 2.9.1 (ISC)` */
function titleOf(folder: string, name: string): string {
  const { version = '', license = 'no licence named' }: About = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  return `${name} ${version} (${license})`
}

const textOf = (folder: string): string =>
  readdirSync(folder)
    .filter((file) => LICENCE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n\n')

/** What the licences of bundled packages ask for: their notices, each text once. Packages are found in `modules`. */
export function noticesOf(packages: readonly string[], modules: string): string {
  const titles = Map.groupBy(packages, (name) => textOf(join(modules, name)))
  const notices = [...titles].map(([text, names]) =>
    [names.map((name) => titleOf(join(modules, name), name)).join('\n'), text].filter(Boolean).join('\n\n'),
  )
  return `${['The files of this folder contain code of these packages.', ...notices].join(RULER)}\n`
}
