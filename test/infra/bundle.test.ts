import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bundle, packagesIn } from '../../infra/bundle.ts'

const FUNCTIONS = join(import.meta.dirname, '../../functions')

const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'steward-bundle-'))
  folders.push(made)
  return made
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true })
})

/** Bundles a handler made of the given files, and runs it in a process of its own. */
function runBundle(files: Readonly<Record<string, string>>, config: object = {}): { outdir: string; answer: string } {
  const source = folder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(source, name), text)
  const outdir = folder()
  bundle({ entry: join(source, 'handler.ts'), outdir, config })
  const script = `require(${JSON.stringify(join(outdir, 'index.js'))}).handler().then((answer) => console.log(answer))`
  return { outdir, answer: execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim() }
}

describe('a bundle', () => {
  it('has the configuration in it, whatever a shell would make of its text', () => {
    const config = { text: '$(touch x) `id` "quoted" \'single\' $HOME \\ é' }
    const { answer } = runBundle(
      {
        'handler.ts':
          'declare const STEWARD_CONFIG: { text: string }\nexport const handler = async () => STEWARD_CONFIG.text',
      },
      config,
    )
    expect(answer).toBe(config.text)
  })

  it('takes a configuration of a megabyte', () => {
    const { answer } = runBundle(
      {
        'handler.ts':
          'declare const STEWARD_CONFIG: string[]\nexport const handler = async () => STEWARD_CONFIG.length',
      },
      Array.from({ length: 100_000 }, () => 'team-a/**'),
    )
    expect(answer).toBe('100000')
  })

  it('says where the source is wrong', () => {
    expect(() => runBundle({ 'handler.ts': "import './absent.ts'\nexport const handler = async () => 1" })).toThrow(
      /handler\.ts:1:7.*absent/s,
    )
  })
})

describe.each([
  ['scan-alert', ['aws4', 'p-limit', 'valibot', 'yocto-queue']],
  ['push-check', ['aws4', 'p-limit', 'valibot', 'yocto-queue']],
  ['watch', ['aws4', 'p-limit', 'valibot', 'yocto-queue']],
  ['notify', ['aws4', 'valibot']],
])('%s', (name, packages) => {
  const outdir = folder()
  const metafile = bundle({ entry: join(FUNCTIONS, name, 'handler.ts'), outdir, config: {} })

  it('is one file, of these packages and no SDK client', () => {
    expect(readdirSync(outdir)).toEqual(['index.js'])
    expect([...new Set(packagesIn(metafile))].toSorted()).toEqual(packages)
  })
})
