import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NEEDS, UNDER_ENHANCED } from '../../../cli/doctor/needs.ts'

/** Services whose actions a row names; beside them there is what runs images, which docs/iam.md lists with the roles of the stack. */
const isNamed = (action: string): boolean => /^(?:ecr|kms):/.test(action)

const rowOf = (command: string): string => {
  const needs = NEEDS[command]?.([]) ?? []
  const isAlways = new Set(needs.flatMap(({ action, when }) => (when === undefined ? [action] : [])))
  const ofRow = needs.filter(({ action }) => isNamed(action))
  const named = (isOnly: boolean): string =>
    [...new Set(ofRow.filter(({ action }) => isAlways.has(action) !== isOnly).map(({ action }) => `\`${action}\``))]
      .toSorted()
      .join(', ')
  const readsWorkloads = needs.some(({ action, when }) => !isNamed(action) && when !== UNDER_ENHANCED)
  return `| \`${command}\` | ${named(false)} | ${named(true)} | ${readsWorkloads ? 'yes' : 'no'} |`
}

test('docs/iam.md says what each command needs', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/iam.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `[a-z -]+` \| .* \| (?:yes|no) \|$/gm)].map(([row]) => row)
  expect(rows).toEqual(Object.keys(NEEDS).map(rowOf))
})
