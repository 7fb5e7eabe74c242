import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { clockFinding } from '../../../cli/doctor/connection.ts'
import { timeLeft } from '../../../cli/doctor/credentials.ts'
import { exitOf, type Finding, findingsOf } from '../../../cli/doctor/finding.ts'
import { NEEDS } from '../../../cli/doctor/needs.ts'
import { PROBES, UNASKED } from '../../../cli/doctor/probes.ts'
import { OLDEST, toolFindings } from '../../../cli/doctor/tool.ts'
import { trustedRootFindings } from '../../../cli/doctor/trusted-root.ts'
import { loadConfig } from '../../../config/load.ts'
import { PINNED_ROOT } from '../../../functions/policy/evidence/sigstore/pinned-root.ts'
import about from '../../../package.json' with { type: 'json' }

test('every action that a command needs can be asked for, or it is said why not', () => {
  const actions = Object.values(NEEDS).flatMap((needs) => needs([]).map(({ action }) => action))
  expect(actions.filter((action) => !PROBES.has(action) && !UNASKED.has(action))).toEqual([])
})

test.each([
  ['gate', 'for images for several platforms, and with --rules'],
  ['scan', 'for images for several platforms, and for the layers that findings come from'],
])('%s needs manifests %s', (command, when) => {
  const needs = NEEDS[command]?.([]).filter(({ action }) => action === 'ecr:BatchGetImage')
  expect(needs).toEqual([{ action: 'ecr:BatchGetImage', when }])
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

describe('the trusted root', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-doctor-root-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'own.json'), JSON.stringify(PINNED_ROOT).replaceAll('2025-09-23', '2026-11-20'))
  const BY_KEY =
    'signers: { ecr: { signing-profile: "arn:aws:signer:eu-central-1:111122223333:/signing-profiles/ci" } }'
  const BY_IDENTITY = 'signers: { web: { identity: ci@acme.example, issuer: https://accounts.google.com } }'

  const found = (sections: string, now: string) => {
    const path = join(folder, 'steward.yaml')
    writeFileSync(path, `alerts: [{ repositories: ["**"], to: [sns] }]\n${sections}\n`)
    const config = loadConfig(path, () => {})
    return trustedRootFindings(config, new Date(now)).map(({ state, what, found: words, fix }) => [
      ...[state, what, words],
      ...fix.map(({ text, command }) => command ?? text),
    ])
  }

  test.each([
    [BY_KEY, '2026-11-29', []],
    [BY_IDENTITY, '2026-09-23', ['ok', 'trusted root', 'that of this version; its newest part counts since 365 days']],
    [
      BY_IDENTITY,
      '2026-09-24',
      [
        ...['warning', 'trusted root'],
        'that of this version; its newest part counts since 366 days, so there may be a newer one',
        'ecr-steward trusted-root --refresh trusted_root.json',
      ],
    ],
    [
      `${BY_IDENTITY}\ntrusted-root: own.json`,
      '2026-11-29',
      ['ok', 'trusted root', 'trusted-root of steward.yaml; its newest part counts since 9 days'],
    ],
    [
      `${BY_IDENTITY}\ntrusted-root: own.json`,
      '2027-11-29',
      [
        ...['warning', 'trusted root'],
        'trusted-root of steward.yaml; its newest part counts since 374 days, so there may be a newer one',
        'ecr-steward trusted-root --refresh FILE fetches the current one, with --mirror that of a Sigstore of your own; commit it, and deploy.',
      ],
    ],
  ])('with %s on %s', (sections, now, words) => {
    expect(found(sections, now)).toEqual(words.length === 0 ? [] : [words])
  })
})
