import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { ruleSchema } from '../../config/schema/rules.ts'
import {
  accounts,
  bytes,
  choice,
  choices,
  count,
  days,
  expressions,
  flag,
  globs,
  limits,
  type Parameters,
  pairs,
  texts,
} from '../../functions/domain/rule/parameter.ts'
import type { Rule } from '../../functions/domain/rule/rule.ts'
import { tagImmutability } from '../../functions/domain/rules/tag-immutability.ts'

const about = 'What it is for.'

/** A rule that exists nowhere, with the parameters that matter. */
const rule = (parameters: Parameters, enforceable = false): Rule => ({ ...tagImmutability, parameters, enforceable })

const wrong = (given: Rule, value: unknown): string[] =>
  (v.safeParse(ruleSchema(given), value).issues ?? []).map(({ message }) => message)

const read = (given: Rule, value: unknown) => v.parse(ruleSchema(given), value)

describe('a parameter', () => {
  const every = rule({
    maxAge: days({ about, default: 90, example: '30' }),
    keep: count({ about, default: 5, least: 1, most: 10, example: '3' }),
    limit: bytes({ about, default: 1_000_000_000, example: '500 MB' }),
    fixableOnly: flag({ about, default: false, example: 'true' }),
    kind: choice(['AES256', 'KMS'], { about, default: 'AES256', example: 'KMS' }),
    platforms: choices(['linux/amd64', 'linux/arm64'], { about, default: [], example: '[linux/arm64]' }),
    allowedAccounts: accounts({ about, default: [], example: '["123456789012"]' }),
    patterns: globs({ about, default: ['latest'], example: '["1.*"]' }),
    names: expressions({ about, default: [], example: '["v[0-9]+"]' }),
    organisations: texts(/^o-[a-z0-9]{10,32}$/, 'an organisation id such as o-a1b2c3d4e5', {
      about,
      default: [],
      example: '[o-a1b2c3d4e5]',
    }),
    labels: pairs({ about, default: {}, example: '{ owner: team-a }' }),
    limits: limits({ about, default: { CRITICAL: 0 }, example: '{ CRITICAL: 0, HIGH: 10 }' }),
  })

  it('that is left out has its default', () => {
    expect(read(every, 'report').parameters).toEqual({
      maxAge: 90,
      keep: 5,
      limit: 1_000_000_000,
      fixableOnly: false,
      kind: 'AES256',
      platforms: [],
      allowedAccounts: [],
      patterns: ['latest'],
      names: [],
      organisations: [],
      labels: {},
      limits: { CRITICAL: 0 },
    })
  })

  it.each([
    ['max-age', 30, { maxAge: 30 }],
    ['keep', 10, { keep: 10 }],
    ['limit', '1.5 GB', { limit: 1_500_000_000 }],
    ['fixable-only', true, { fixableOnly: true }],
    ['kind', 'KMS', { kind: 'KMS' }],
    ['platforms', ['linux/arm64'], { platforms: ['linux/arm64'] }],
    ['allowed-accounts', ['012345678901'], { allowedAccounts: ['012345678901'] }],
    ['patterns', ['1.*'], { patterns: ['1.*'] }],
    ['names', ['^v\\d+$'], { names: ['^v\\d+$'] }],
    ['organisations', ['o-a1b2c3d4e5'], { organisations: ['o-a1b2c3d4e5'] }],
    ['labels', { owner: 'team-a' }, { labels: { owner: 'team-a' } }],
    ['limits', { HIGH: 3 }, { limits: { HIGH: 3 } }],
  ])('%s is read', (key, value, expected) => {
    expect(read(every, { mode: 'report', [key]: value }).parameters).toMatchObject(expected)
  })

  it.each([
    ['max-age', 0, 'found 0, expected a whole number of days from 1 to 36500'],
    ['max-age', 1.5, 'found 1.5, expected a whole number of days from 1 to 36500'],
    ['keep', 11, 'found 11, expected a whole number from 1 to 10'],
    ['limit', 500, 'found 500, expected a size in decimal units, such as 500 MB or 1.5 GB'],
    ['limit', '1 GiB', 'found "1 GiB", expected a size in decimal units, such as 500 MB or 1.5 GB'],
    ['fixable-only', 'yes', 'found "yes", expected true or false'],
    ['kind', 'kms', 'found "kms", expected one of AES256, KMS. Did you mean KMS?'],
    ['platforms', 'linux/arm64', 'found "linux/arm64", expected a list, such as [linux/arm64]'],
    [
      'platforms',
      ['linux/arm'],
      'found "linux/arm", expected one of linux/amd64, linux/arm64. Did you mean linux/arm64?',
    ],
    [
      'allowed-accounts',
      [12_345_678_901],
      'found 12345678901, expected a 12-digit account id in quotes, such as "123456789012": YAML reads bare digits as a number',
    ],
    [
      'patterns',
      ['a b'],
      'found "a b", expected a pattern in quotes without blanks, such as "1.*": * stays within one path segment, ** crosses',
    ],
    ['names', ['(?=a)b'], 'found "(?=a)b", expected an expression in the syntax of RE2: it looks ahead or behind'],
    ['names', ['(?<!a)b'], 'found "(?<!a)b", expected an expression in the syntax of RE2: it looks ahead or behind'],
    ['names', ['(a)\\1'], 'found "(a)\\\\1", expected an expression in the syntax of RE2: it refers back to a group'],
    ['names', ['('], 'found "(", expected an expression in the syntax of RE2: missing closing ): `(`'],
    [
      'names',
      ['((a{99}){99}){99}'],
      'found "((a{99}){99}){99}", expected an expression in the syntax of RE2: invalid repeat count: `{99}`',
    ],
    [
      'names',
      ['a'.repeat(501)],
      `found "${'a'.repeat(50)}…", expected an expression in the syntax of RE2: it is longer than 500 characters`,
    ],
    ['names', [7], 'found 7, expected a regular expression in quotes, such as "v[0-9]+"'],
    ['organisations', ['o-1'], 'found "o-1", expected an organisation id such as o-a1b2c3d4e5'],
    ['labels', { owner: 7 }, 'found 7, expected a text of at most 256 characters in quotes'],
    ['limits', {}, 'found an empty mapping, expected at least one severity, such as CRITICAL: 0'],
    ['limits', { HIGH: -1 }, 'found -1, expected a count from 0 to 1000000'],
  ])('%s: %j is refused', (key, value, message) => {
    expect(new Set(wrong(every, { mode: 'report', [key]: value }))).toEqual(new Set([message]))
  })
})

describe('the mode of a rule', () => {
  const sized = rule({ limit: bytes({ about, example: '1 GB' }) })
  const tagged = rule(
    { tags: pairs({ about, default: {}, example: '{ owner: team-a }', requiredToEnforce: true }) },
    true,
  )

  it.each([
    ['report', { mode: 'report', parameters: { exclusions: [] } }],
    ['off', { mode: 'off', parameters: {} }],
    [
      { mode: 'enforce', severity: 'LOW', exclusions: ['latest'] },
      { mode: 'enforce', severity: 'LOW', parameters: { exclusions: ['latest'] } },
    ],
  ])('%j is read', (value, expected) => {
    expect(read(tagImmutability, value)).toEqual(expected)
  })

  it.each<[string, Rule, unknown, string]>([
    [
      'a word that is none',
      tagImmutability,
      'enforced',
      'found "enforced", expected one of off, report, enforce. Did you mean enforce?',
    ],
    ['true', rule({}), true, 'found true, expected one of off, report'],
    ['nothing', rule({}), null, 'found nothing, expected one of off, report'],
    [
      'a value in place of a mapping',
      sized,
      '1 GB',
      'found "1 GB", expected one of off, report, or a mapping such as { mode: report, limit: 1 GB }',
    ],
    [
      'a list in place of a mapping',
      sized,
      ['1 GB'],
      'found a list, expected one of off, report, or a mapping such as { mode: report, limit: 1 GB }',
    ],
    [
      'enforce of what nothing mends',
      rule({}),
      'enforce',
      'found "enforce", expected one of off, report: nothing that is safe and can be taken back mends what this rule finds',
    ],
    [
      'enforce of what nothing mends, in a mapping',
      rule({}),
      { mode: 'enforce' },
      'found "enforce", expected one of off, report: nothing that is safe and can be taken back mends what this rule finds',
    ],
    [
      'a word where a parameter has to be given',
      sized,
      'report',
      'found "report", expected a mapping such as { mode: report, limit: 1 GB }',
    ],
    [
      'enforce without what it would set',
      tagged,
      'enforce',
      'found "enforce", expected a mapping such as { mode: enforce, tags: { owner: team-a } }',
    ],
    [
      'enforce without what it would set, in a mapping',
      tagged,
      { mode: 'enforce', tags: {} },
      'expected also tags: { owner: team-a }: enforce sets it',
    ],
    [
      'a severity of what could not be judged',
      tagImmutability,
      { mode: 'report', severity: 'UNDEFINED' },
      'found "UNDEFINED", expected one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL',
    ],
  ])('%s is refused', (_, given, value, message) => {
    expect(wrong(given, value)).toEqual([message])
  })

  it('off needs no parameter', () => {
    expect(read(sized, 'off')).toEqual({ mode: 'off', parameters: {} })
  })

  it('report of what only enforce needs more for is a word', () => {
    expect(read(tagged, 'report')).toEqual({ mode: 'report', parameters: { tags: {} } })
  })
})
