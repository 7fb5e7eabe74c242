import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const TEXT = readFileSync(resolve(ROOT, 'CONTRIBUTING.md'), 'utf8')

const words = [...TEXT.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word)

it('CONTRIBUTING.md names every npm script, and no other', () => {
  const { scripts } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as { scripts: object }
  const named = words.flatMap((word) => /^npm (?:run )?(start|test|[a-zA-Z:]+)(?: -- .*)?$/.exec(word)?.[1] ?? [])

  expect([...new Set(named)].filter((name) => name !== 'ci').sort()).toEqual(Object.keys(scripts).sort())
})

it('CONTRIBUTING.md names files and folders that exist', () => {
  const paths = words.filter((word) => /^[a-z][\w./-]*\/[\w./-]*$|^[\w-]+\.(?:yaml|json|md)$/.test(word))

  expect(paths.length).toBeGreaterThan(10)
  expect(paths.filter((path) => !existsSync(resolve(ROOT, path)))).toEqual([])
})
