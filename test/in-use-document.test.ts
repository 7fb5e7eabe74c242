import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SOURCE_NAMES } from '../functions/domain/in-use/source-names.ts'
import { IN_USE_ACTIONS } from '../functions/in-use/contract.ts'

const page = readFileSync(new URL('../docs/in-use.md', import.meta.url), 'utf8')

test.each(SOURCE_NAMES)('docs/in-use.md has the source %s with all of its permissions, and no others', (name) => {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? ''
  const actions = [...row.matchAll(/`([a-z0-9]+:\w+)`/g)].map(([, action]) => action)
  expect(actions.toSorted()).toEqual([...IN_USE_ACTIONS[name]].toSorted())
})
