import { expect, test } from 'vitest'
import { clockFinding } from '../../../cli/doctor/connection.ts'
import { timeLeft } from '../../../cli/doctor/credentials.ts'
import { exitOf, type Finding, findingsOf } from '../../../cli/doctor/finding.ts'
import { NEEDS } from '../../../cli/doctor/needs.ts'
import { PROBES, UNASKED } from '../../../cli/doctor/probes.ts'
import { OLDEST, toolFindings } from '../../../cli/doctor/tool.ts'
import about from '../../../package.json' with { type: 'json' }

test('every action that a command needs can be asked for, or it is said why not', () => {
  const actions = Object.values(NEEDS).flatMap((needs) => needs([]).map(({ action }) => action))
  expect(actions.filter((action) => !PROBES.has(action) && !UNASKED.has(action))).toEqual([])
})

test('sources that steward.yaml leaves out are not needed', () => {
  const needs = NEEDS['clean-up plan']?.(['lambda', 'eks']) ?? []
  expect(needs.filter(({ action }) => /^(?:lambda|eks|inspector2):/.test(action))).toEqual([])
  expect(needs.map(({ action }) => action)).toContain('ecs:ListClusters')
})

test('Node is held against the oldest that package.json takes', () => {
  expect(about.engines.node).toBe(`>=${OLDEST}`)
  expect(toolFindings('18.20.0').at(-1)).toMatchObject({
    state: 'problem',
    found: 'version 18.20.0, and it takes 20 or newer',
  })
  expect(toolFindings('24.1.0').at(-1)?.state).toBe('ok')
})

test.each([
  [0, '0 min'],
  [59_000, '0 min'],
  [3_600_000, '1 h'],
  [5_400_000, '1 h 30 min'],
])('%i ms are %s', (ms, words) => {
  expect(timeLeft(ms)).toBe(words)
})

test.each([
  [0, 'ok'],
  [-59_000, 'ok'],
  [60_000, 'warning'],
  [299_000, 'warning'],
  [-300_000, 'problem'],
] as const)('a clock that is %i ms off is %s', (skew, state) => {
  expect(clockFinding(skew).state).toBe(state)
})

test('access goes before usage, usage before what is not known, and a warning is a pass', () => {
  const made = (...states: readonly [Parameters<typeof findingsOf>[0], keyof ReturnType<typeof findingsOf>][]) =>
    states.map(([area, state]): Finding => findingsOf(area)[state]('x', 'y'))
  expect(exitOf(made(['scanning', 'unknown'], ['channels', 'problem'], ['permissions', 'problem']))).toBe('access')
  expect(exitOf(made(['stack', 'unknown'], ['configuration', 'problem']))).toBe('usage')
  expect(exitOf(made(['stack', 'unknown'], ['configuration', 'warning']))).toBe('unknown')
  expect(exitOf(made(['stack', 'note'], ['scanning', 'warning'], ['tool', 'ok']))).toBe('pass')
})
