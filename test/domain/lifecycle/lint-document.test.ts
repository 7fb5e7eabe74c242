import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const document = readFileSync(join(root, 'docs/lifecycle.md'), 'utf8')
const folder = join(root, 'functions/domain/lifecycle/lints')
const files = readdirSync(folder)

test('every lint is in a file of its name, and in the document', () => {
  for (const file of files) {
    const code = file.replace('.ts', '')
    expect(readFileSync(join(folder, file), 'utf8')).toContain(`code: '${code}'`)
    expect(document).toContain(`| \`${code}\` |`)
  }
})

test('the document speaks of no lint that there is not', () => {
  const codes = [...document.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => `${code}.ts`)
  expect(codes.toSorted()).toEqual(files.toSorted())
})
