import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { loadConfig } from '../../config/load.ts'
import { around, faults, POLICY, parsed } from './read.ts'

/** The section in a file whose line 3 is its first. */
const file = (...lines: readonly string[]): string =>
  around(`clean-up:\n${lines.map((line) => `  ${line}`).join('\n')}`)

const cleanUp = (...lines: readonly string[]) => parsed(file('to: [sns]', ...lines)).config.cleanUp

const faultsOf = (...lines: readonly string[]): readonly string[] => faults(file('to: [sns]', ...lines))

it('is not there where the file says nothing of it', () => {
  expect(parsed(around('')).config).not.toHaveProperty('cleanUp')
})

it('removes nothing by default, and looks for all uses', () => {
  expect(cleanUp()).toEqual({
    mode: 'dry-run',
    schedule: 'cron(0 3 * * ? *)',
    slack: [],
    atMost: { images: 500, shareOfRepository: 0.2, shareOfRegistry: 0.1 },
    entries: [],
    inUse: { taskDefinitions: 5, regions: [], accounts: [], ignoreSources: [], ignoreAccounts: [], pins: [] },
  })
})

it('is read with the rules of its policies and with lines, each word once', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const text = file(
    'mode: apply',
    'schedule: rate(2 days)',
    'to: [slack:platform, sns, slack:platform]',
    'at-most: { images: 50, share: 7.5%, share-of-registry: 100% }',
    'policies:',
    '  - repositories: ["ci/**"]',
    '    policy: lifecycle/ci.json',
    'in-use:',
    '  task-definitions: 2',
    '  regions: [us-east-1, us-east-1]',
    '  accounts: ["222222222222"]',
    '  ignore-sources: [app-runner, app-runner]',
    '  ignore-accounts: ["333333333333"]',
    '  pins:',
    `    - { repositories: ["prod/**"], tags: ["v1.*"], digests: ["${digest}"], reason: contract with a customer }`,
    'channels: { platform: { slack-webhook: { secret: a } } }',
  ).replace('\n  channels:', '\nchannels:')
  const { config, warnings } = parsed(text)

  expect(warnings).toEqual([])
  expect(config.cleanUp).toMatchObject({
    mode: 'apply',
    schedule: 'rate(2 days)',
    slack: ['platform'],
    atMost: { images: 50, shareOfRepository: 0.075, shareOfRegistry: 1 },
    entries: [{ repositories: ['ci/**'], policy: 'lifecycle/ci.json', line: 8 }],
    inUse: {
      ...{ taskDefinitions: 2, regions: ['us-east-1'], accounts: ['222222222222'] },
      ...{ ignoreSources: ['app-runner'], ignoreAccounts: ['333333333333'] },
      pins: [
        {
          ...{ repositories: ['prod/**'], tags: ['v1.*'], digests: [digest] },
          ...{ reason: 'contract with a customer', line: 17 },
        },
      ],
    },
  })
  expect(JSON.parse(JSON.stringify(config))).toStrictEqual(config)
})

it.each([
  ['mode: aply', '4:9  clean-up.mode: found "aply", expected one of dry-run, apply. Did you mean apply?'],
  [
    'at-most: { share: 20 }',
    '4:21  clean-up.at-most.share: found 20, expected a percentage from 0% to 100%, such as 20%',
  ],
  [
    'at-most: { share: 101% }',
    '4:21  clean-up.at-most.share: found "101%", expected a percentage from 0% to 100%, such as 20%',
  ],
  ['at-most: { images: 0 }', '4:22  clean-up.at-most.images: found 0, expected a whole number from 1 to 1000000'],
  [
    'in-use: { ignore-sources: [apprunner] }',
    '4:30  clean-up.in-use.ignore-sources[0]: found "apprunner", expected one of ecs, scheduled-tasks, lambda, eks, app-runner, codebuild, batch. Did you mean app-runner?',
  ],
  [
    'in-use: { accounts: [222222222222] }',
    '4:24  clean-up.in-use.accounts[0]: found 222222222222, expected a 12-digit account id in quotes, such as "123456789012": YAML reads bare digits as a number',
  ],
  [
    'in-use: { regions: [mars] }',
    '4:23  clean-up.in-use.regions[0]: found "mars", expected a region, such as us-east-1',
  ],
  [
    'in-use: { pins: [{ repositories: ["a"], reason: b }] }',
    '4:20  clean-up.in-use.pins[0]: found neither tags nor digests, expected one of them, such as tags: ["v1.*"]',
  ],
  [
    'in-use: { accounts: ["222222222222"], ignore-accounts: ["222222222222"] }',
    '4:59  clean-up.in-use.ignore-accounts[0]: found "222222222222", which is in accounts too, expected it in one of the two: is its use asked for?',
  ],
  [
    'policies: [{ repositories: ["ci/"], policy: a.json }]',
    '4:31  clean-up.policies[0].repositories[0]: found "ci/", expected a repository pattern: lower case, digits, . _ - / and the wildcards * and **. Did you mean ci/**?',
  ],
  [
    'policies: [{ repositories: ["ci/**"], policy: a.json }, { repositories: ["ci/a"], policy: a.json }]',
    '4:76  clean-up.policies[1].repositories[0]: found "ci/a", which never applies: clean-up.policies[0] takes all of it with "ci/**", and the first match wins. Move this entry before that one, or remove it',
  ],
  [
    'policies: [{ repositories: ["**"], policy: { rules: [] } }]',
    '4:46  clean-up.policies[0].policy: found a mapping, expected the path of a JSON file with a lifecycle policy, such as lifecycle/ci.json',
  ],
  [
    'policies: [{ repositories: ["**"] }]',
    '4:14  clean-up.policies[0].policy: missing, expected policy: lifecycle/ci.json',
  ],
])('refuses %s', (line, fault) => {
  expect(faultsOf(line)).toEqual([`steward.yaml:${fault}`])
})

it('says to which channel nothing can be sent', () => {
  expect(faults(`${file('to: [slack:platfrm]')}\nchannels: { platform: { slack-webhook: { secret: a } } }`)).toEqual([
    'steward.yaml:3:8  clean-up.to[0]: found channel "platfrm", expected platform. Did you mean platform?',
  ])
})

it.each([
  'cron(0 3 * * ? *)',
  'cron(15 10 ? * MON-FRI 2026-2030)',
  'cron(59 23 L * ? *)',
  'rate(1 day)',
  'rate(2 days)',
])('takes the schedule %s', (schedule) => {
  expect(cleanUp(`schedule: ${schedule}`)).toMatchObject({ schedule })
})

it.each([
  '0 3 * * *',
  'cron(0 3 * * *)',
  'cron(0 3 * * * *)',
  'cron(0 3 ? * ? *)',
  'rate(0 days)',
  'rate(12 hours)',
  'cron(0/5 3 * * ? *)',
  'cron(0 8-17 * * ? *)',
  'cron(0 * * * ? *)',
  'cron(0 24 * * ? *)',
  'at(2026-11-20T13:00:00)',
])('refuses the schedule %s', (schedule) => {
  expect(faultsOf(`schedule: ${schedule}`).join()).toMatch(
    /^steward\.yaml:4:13 {2}clean-up\.schedule: found ".+", expected a schedule in UTC, at most once a day, as EventBridge Scheduler takes it/,
  )
})

it('warns of an apply with nothing to apply', () => {
  expect(parsed(file('to: [sns]', 'mode: apply')).warnings).toEqual([
    'steward.yaml:4:3  clean-up.mode: apply, and no entry of policies says what goes: nothing is ever removed',
  ])
})

const ENTRY = 'policies: [{ repositories: ["a"], policy: a.json }, { repositories: ["b"], policy: a.json }]'

it('says all that is wrong with a policy, once, at the place that names it', () => {
  const rule = {
    rulePriority: 1,
    selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 0 },
    action: {},
  }
  const found = faults(file('to: [sns]', ENTRY), () => ({ text: JSON.stringify({ rules: [rule] }) }))

  expect(found.length).toBeGreaterThanOrEqual(2)
  for (const fault of found)
    expect(fault).toMatch(/^steward\.yaml:4:45 {2}clean-up\.policies\[0\]\.policy: "a\.json", rule 1, [\w.]+: .+[^.]$/)
})

it('says that a policy is no JSON', () => {
  expect(faults(file('to: [sns]', ENTRY), () => ({ text: '{' })).join()).toMatch(/policies\[0\]\.policy: "a\.json": /)
})

it('says that a policy cannot be read, and shows nothing that a terminal would obey', () => {
  const odd = ENTRY.replaceAll('a.json', '"a\\u202e.json"')

  expect(faults(file('to: [sns]', odd), () => ({ problem: 'is a folder' }))).toEqual([
    'steward.yaml:4:45  clean-up.policies[0].policy: "a\\u202e.json": is a folder',
  ])
})

it('finds policies beside the file, and says where it looked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'steward.yaml')
  writeFileSync(path, file('to: [sns]', 'policies: [{ repositories: ["**"], policy: ci.json }]'))
  const load = () => loadConfig(path)

  expect(load).toThrow(
    `4:46  clean-up.policies[0].policy: "ci.json": not found in ${folder}. A path is seen from the folder of this file`,
  )
  writeFileSync(join(folder, 'ci.json'), POLICY)
  expect(load().cleanUp?.entries).toMatchObject([{ policy: 'ci.json', line: 4 }])
})
