import { expect, it } from 'vitest'
import { around, faults, parsed } from './read.ts'

/** The section in a file whose line 3 is its first. */
const file = (...lines: readonly string[]): string => around(`sweep:\n${lines.map((line) => `  ${line}`).join('\n')}`)

const sweep = (...lines: readonly string[]) => parsed(file('to: [sns]', ...lines)).config.sweep

const faultsOf = (...lines: readonly string[]): readonly string[] => faults(file('to: [sns]', ...lines))

it('is not there where the file says nothing of it', () => {
  expect(parsed(around('')).config).not.toHaveProperty('sweep')
})

it('sweeps the registry of the stack every evening by default', () => {
  expect(sweep()).toStrictEqual({
    schedule: 'cron(0 21 * * ? *)',
    regions: [],
    accounts: [],
    slack: [],
    ownerTag: 'Owner',
    sla: { CRITICAL: 7, HIGH: 30, MEDIUM: 90 },
    securityHub: false,
  })
})

it('is read whole', () => {
  const text = file(
    'schedule: rate(1 day)',
    'to: [slack:platform, sns, slack:platform]',
    'regions: [us-east-1, us-gov-west-1]',
    'accounts: ["222222222222", "333333333333"]',
    'owner-tag: Kosten: stelle'.replace(': s', ':s'),
    'sla: { CRITICAL: 1 day, UNDEFINED: 3650 days }',
    'rate: 50',
    'packages: attached',
    'watch-for: [{ package: maven/log4j-core <2.17.1, to: [slack:platform], reason: Log4Shell }, { package: xz, to: [sns] }]',
    'security-hub: true',
    'channels: { platform: { slack-webhook: { secret: a } } }',
  ).replace('\n  channels:', '\nchannels:')
  const { config, warnings } = parsed(text)

  expect(warnings).toEqual([])
  expect(config.sweep).toStrictEqual({
    schedule: 'rate(1 day)',
    regions: ['us-east-1', 'us-gov-west-1'],
    accounts: ['222222222222', '333333333333'],
    slack: ['platform'],
    ownerTag: 'Kosten:stelle',
    sla: { CRITICAL: 1, HIGH: 30, MEDIUM: 90, UNDEFINED: 3_650 },
    rate: 50,
    packages: 'attached',
    watchFor: [
      { package: 'maven/log4j-core <2.17.1', slack: ['platform'], reason: 'Log4Shell' },
      { package: 'xz', slack: [] },
    ],
    securityHub: true,
  })
  expect(JSON.parse(JSON.stringify(config))).toStrictEqual(config)
})

const DAYS = 'expected days from 1 to 3650, such as 7 days'
const KEY =
  'expected the key of a tag: letters, digits, blanks and _ . : / = + - @, at most 128, not beginning with aws:'

it.each([
  [
    'accounts: [222222222222]',
    '4:14  sweep.accounts[0]: found 222222222222, expected a 12-digit account id in quotes, such as "123456789012": YAML reads bare digits as a number',
  ],
  [
    'accounts: ["222222222222", "333333333333", "222222222222"]',
    '4:46  sweep.accounts[2]: found "222222222222" again, which sweep.accounts[0] names, expected each once: was another one meant?',
  ],
  [
    'regions: [eu-west-1, eu-west-1]',
    '4:24  sweep.regions[1]: found "eu-west-1" again, which sweep.regions[0] names, expected each once: was another one meant?',
  ],
  ['regions: [mars]', '4:13  sweep.regions[0]: found "mars", expected a region, such as us-east-1'],
  ['owner-tag: aws:team', `4:14  sweep.owner-tag: found "aws:team", ${KEY}`],
  ['owner-tag: team?', `4:14  sweep.owner-tag: found "team?", ${KEY}`],
  ['sla: { HIGH: 30 }', `4:16  sweep.sla.HIGH: found 30, ${DAYS}`],
  ['sla: { HIGH: 0 days }', `4:16  sweep.sla.HIGH: found "0 days", ${DAYS}`],
  ['sla: { HIGH: 3651 days }', `4:16  sweep.sla.HIGH: found "3651 days", ${DAYS}`],
  [
    'sla: { high: 30 days }',
    '4:10  sweep.sla.high: unknown key, expected one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED. Did you mean HIGH?',
  ],
  ['rate: 0', '4:9  sweep.rate: found 0, expected calls per second from 1 to 1000'],
  ['rate: 1001', '4:9  sweep.rate: found 1001, expected calls per second from 1 to 1000'],
  [
    'watch-for: [{ package: xz, to: [sns] }]',
    '4:3  sweep.watch-for: found packages to watch for without an index of packages, expected packages: attached beside it',
  ],
  [
    'watch-for: [{ package: "<1", to: [sns] }]',
    '4:26  sweep.watch-for[0].package: found "<1", expected a package and a range, such as "maven/log4j-core <2.17.1"',
    '4:3  sweep.watch-for: found packages to watch for without an index of packages, expected packages: attached beside it',
  ],
  ['packages: true', '4:13  sweep.packages: found true, expected attached or attached-else-inspector'],
  ['security-hub: "yes"', '4:17  sweep.security-hub: found "yes", expected true or false'],
  [
    'owner: team',
    '4:3  sweep.owner: unknown key, expected one of schedule, regions, accounts, to, owner-tag, sla, rate, packages, watch-for, security-hub. Did you mean owner-tag?',
  ],
])('says what is wrong with %s', (line, ...wrong) => {
  expect(faultsOf(line).toSorted()).toEqual(wrong.map((fault) => `steward.yaml:${fault}`).toSorted())
})

it('is told to somebody', () => {
  expect(faults(around('sweep: {}'))).toEqual(['steward.yaml:2:8  sweep.to: missing, expected to: [sns]'])
})

it('says to which channel nothing can be sent', () => {
  expect(faults(`${file('to: [slack:platfrm]')}\nchannels: { platform: { slack-webhook: { secret: a } } }`)).toEqual([
    'steward.yaml:3:8  sweep.to[0]: found channel "platfrm", expected platform. Did you mean platform?',
  ])
})

it.each(['0 21 * * *', 'rate(12 hours)', 'cron(0/5 3 * * ? *)'])('refuses the schedule %s', (schedule) => {
  expect(faultsOf(`schedule: ${schedule}`).join()).toMatch(
    /^steward\.yaml:4:13 {2}sweep\.schedule: found ".+", expected a schedule in UTC, at most once a day/,
  )
})
