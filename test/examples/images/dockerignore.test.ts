import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ignoring } from './dockerignore.ts'

const FOLDER = resolve(import.meta.dirname, '../../../examples/images')

/** What Docker's documentation says of its patterns, and what is not obvious of them. */
const SEMANTICS: readonly (readonly [lines: string, ignored: readonly string[], kept: readonly string[]])[] = [
  ['*/temp*', ['a/temporary.txt', 'a/temp', 'a/temp/b'], ['temp', 'a/b/temp']],
  ['*/*/temp*', ['a/b/temporary.txt'], ['a/temp']],
  ['temp?', ['tempa', 'tempb/c'], ['temp', 'tempab', 'a/tempa']],
  ['**/*.go', ['a.go', 'a/b.go', 'a/b/c.go'], ['a.gox']],
  ['a/**', ['a/b', 'a/b/c'], ['b/a', 'ab']],
  ['*.md\n!README.md', ['a.md'], ['README.md', 'a/b.md']],
  ['*.md\n!README*.md\nREADME-secret.md', ['a.md', 'README-secret.md'], ['README.md', 'README-x.md']],
  ['*.md\nREADME-secret.md\n!README*.md', ['a.md'], ['README-secret.md']],
  // A folder takes with it what is in it; a name without a slash is at the top alone, unlike in .gitignore.
  ['node_modules', ['node_modules/a/b.js'], ['packages/a/node_modules/b.js']],
  ['/foo/bar/', ['foo/bar', 'foo/bar/baz'], ['bar']],
  ['# *.md\n\n  a  \n', ['a'], ['b.md', '# x.md']],
  ['[a-c].txt\nd\\*', ['b.txt', 'd*'], ['d.txt', 'de']],
  ['*\n!src', ['a', 'a/src'], ['src', 'src/a/b']],
  ['*\n!src\n**/.env*', ['src/.env', 'src/a/.env.local'], ['src/a.ts', 'src/env.ts']],
  ['a.b', ['a.b'], ['axb']],
]

describe.each(SEMANTICS)('%j', (lines, ignored, kept) => {
  test.each(ignored)('ignores %s', (path) => expect(ignoring(lines)(path)).toBe(true))
  test.each(kept)('keeps %s', (path) => expect(ignoring(lines)(path)).toBe(false))
})

/** What must never get into a build, wherever it lies. */
const NEVER = [
  ...['.git/config', '.git/HEAD', '.gitignore', '.github/workflows/build.yml', '.env', '.env.local', '.env.production'],
  ...['.npmrc', '.netrc', '.pypirc', 'pip.conf', '.aws/credentials', '.ssh/id_ed25519', '.docker/config.json'],
  ...['server.pem', 'tls.key', 'certs/server.pem', 'secrets.yaml', 'id_rsa', 'kubeconfig', 'terraform.tfstate'],
  ...['node_modules/commander/package.json', '.venv/bin/python', '__pycache__/app.cpython-314.pyc', 'vendor.zip'],
  ...['dist/server.js', 'coverage/index.html', 'npm-debug.log', 'test/server.test.ts', 'tests/test_app.py'],
  ...['README.md', 'Dockerfile', '.dockerignore', 'compose.yaml', '.vscode/settings.json', '.DS_Store'],
]

const CONTEXTS = [
  {
    name: 'node',
    needed: ['package.json', 'package-lock.json', 'tsconfig.json', 'src/server.ts', 'src/routes/health.ts'],
    never: ['src/.env', 'src/tls.key', 'src/server.pem', 'src/.npmrc', 'src/a/server.test.ts', 'src/test/a.ts'],
  },
  {
    name: 'go',
    needed: ['go.mod', 'go.sum', 'main.go', 'internal/store/store.go', 'cmd/web/main.go'],
    never: ['main_test.go', 'internal/store/store_test.go', 'internal/.env', 'cmd/tls.key', 'internal/a/testdata/x'],
  },
  {
    name: 'python',
    needed: ['requirements.txt', 'app.py', 'healthcheck.py', 'gunicorn.conf.py'],
    never: ['test_app.py', 'conftest.py', 'requirements-dev.txt', 'app.pyc'],
  },
]

describe.each(CONTEXTS)('the build of $name', ({ name, needed, never }) => {
  const isIgnored = ignoring(readFileSync(join(FOLDER, name, '.dockerignore'), 'utf8'))

  test('gets what it needs', () => expect(needed.filter(isIgnored)).toEqual([]))

  test('gets nothing secret, nothing of git, and nothing that it makes itself', () => {
    expect([...NEVER, ...never].filter((path) => !isIgnored(path))).toEqual([])
  })

  test('gets every file of the example but those that are about the build', () => {
    const files = readdirSync(join(FOLDER, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(FOLDER, name).length + 1))
    expect(files.filter(isIgnored).sort()).toEqual(['.dockerignore', 'Dockerfile'])
  })
})
