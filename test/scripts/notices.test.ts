import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { noticesOf } from '../../scripts/notices.ts'

const modules = mkdtempSync(join(tmpdir(), 'steward-notices-'))
afterAll(() => rmSync(modules, { recursive: true }))

function install(name: string, license: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(modules, name), { recursive: true })
  writeFileSync(join(modules, name, 'package.json'), JSON.stringify({ version: '1.0.0', license }))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(modules, name, file), text)
}

test('the notices name every package, with each text of a licence once', () => {
  install('a', 'MIT', { LICENSE: 'Copyright A\n', 'index.js': 'code' })
  install('@scope/b', 'Apache-2.0', { 'LICENSE.md': 'Apache', NOTICE: 'Made by B' })
  install('@scope/c', 'Apache-2.0', { LICENSE: 'Apache\n\nMade by B' })
  install('bare', 'ISC', {})
  const ruler = '-'.repeat(80)
  expect(noticesOf(['@scope/b', '@scope/c', 'a', 'bare'], modules)).toBe(
    `The files of this folder contain code of these packages.

${ruler}

@scope/b 1.0.0 (Apache-2.0)
@scope/c 1.0.0 (Apache-2.0)

Apache

Made by B

${ruler}

a 1.0.0 (MIT)

Copyright A

${ruler}

bare 1.0.0 (ISC)
`,
  )
})

test('a package that is not installed is no package without a notice', () => {
  expect(() => noticesOf(['gone'], modules)).toThrow()
})
