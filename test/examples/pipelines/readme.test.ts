import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { EXIT } from '../../../cli/exit.ts'
import { buildspec } from './buildspec.ts'
import { WORKFLOWS, workflowOf } from './workflow.ts'

const FOLDER = resolve(import.meta.dirname, '../../../examples/pipelines')
const page = readFileSync(join(FOLDER, 'README.md'), 'utf8')
const under = (heading: string): string => page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''

test('its links lead somewhere', () => {
  const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, to = '']) => to)
  const anchors = [...page.matchAll(/^## (.*)/gm)].map(
    ([, heading = '']) => `#${heading.toLowerCase().replaceAll(' ', '-')}`,
  )
  expect(links.length).toBeGreaterThan(4)
  expect(links.filter((to) => !anchors.includes(to) && !existsSync(join(FOLDER, to)))).toEqual([])
})

test('it names everything that somebody has to replace', () => {
  const asked = [
    ...WORKFLOWS.flatMap((name) => [
      ...Object.keys(workflowOf(name).env),
      ...[...JSON.stringify(workflowOf(name)).matchAll(/vars\.(\w+)/g)].map(([, variable = '']) => variable),
    ]),
    ...Object.keys(buildspec.env?.variables ?? {}),
    ...[...readFileSync(join(FOLDER, 'shell/gate-and-deploy.sh'), 'utf8').matchAll(/\$\{(\w+):[?-]/g)].map(
      ([, name = '']) => name,
    ),
  ]
  expect(new Set(asked).size).toBeGreaterThan(8)
  expect(asked.filter((name) => name !== '1' && !under('What to replace').includes(`\`${name}\``))).toEqual([])
})

test('it has every exit code that the gate itself ends with', () => {
  const codes = [...under('How it ends').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
  const { interrupted, closed, ...own } = EXIT
  expect(codes).toEqual(Object.values(own).map(({ code }) => code))
})
