import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PRESET_NAMES, PRESETS } from '../../../functions/domain/new-repository/new-repository.ts'

const rows = readFileSync('docs/compliant-repository.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))

it('docs/compliant-repository.md has a row for each property, each method and each preset', () => {
  const [, body = ''] =
    /export type CompliantRepositoryProps = \{([\s\S]*?)\n\}/.exec(readFileSync('infra/repository/props.ts', 'utf8')) ??
    []
  const properties = [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => `| \`${name}\` |`)
  const source = readFileSync('infra/repository/compliant-repository.ts', 'utf8')
  const methods = [...source.matchAll(/^ {2}(grant\w+)\(/gm)].map(([, name]) => `| \`${name}(`)
  const presets = PRESET_NAMES.map((name) => `| \`'${name}'\` | ${PRESETS[name].about} |`)
  expect(properties.length + methods.length).toBe(18)
  const expected = [...properties, ...methods, ...presets]
  expect(expected.filter((start) => !rows.some((row) => row.startsWith(start)))).toEqual([])
})
