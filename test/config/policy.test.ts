import { describe, expect, it } from 'vitest'
import { around, faults, parsed } from './read.ts'

const policy = (...entries: string[]): string => around(`policy:\n${entries.map((entry) => `  - ${entry}`).join('\n')}`)

describe('policy', () => {
  it('becomes entries with the line of each rule and all of its parameters', () => {
    const { config, warnings } = parsed(
      around(`policy:
  - repositories: ["prod/**"]
    rules:
      # why
      tag-immutability: { mode: enforce, severity: HIGH, exclusions: [latest] }
  - repositories: ["**"]
    rules: { tag-immutability: report }`),
    )

    expect(config.policy).toEqual([
      {
        repositories: ['prod/**'],
        rules: [
          {
            rule: 'tag-immutability',
            mode: 'enforce',
            severity: 'HIGH',
            parameters: { exclusions: ['latest'] },
            line: 6,
          },
        ],
      },
      {
        repositories: ['**'],
        rules: [{ rule: 'tag-immutability', mode: 'report', parameters: { exclusions: [] }, line: 8 }],
      },
    ])
    expect(warnings).toEqual([])
  })

  it('has quarantine of a rule on images where the file asks for it, and nowhere else', () => {
    const rules = 'non-root-user: { mode: report, quarantine: true }, tag-naming: { mode: report, quarantine: false }'
    const { config } = parsed(policy(`{ repositories: ["**"], rules: { ${rules} } }`))

    expect(config.policy[0]?.rules.map(({ rule, quarantine }) => [rule, quarantine])).toEqual([
      ['tag-naming', undefined],
      ['non-root-user', true],
    ])
  })

  it.each([
    ['enforce', 1],
    ['report', 0],
    ['{ mode: enforce, exclusions: [latest] }', 0],
  ])('warns of quarantine where tag-immutability is %s: %i', (setting, count) => {
    const first = '{ repositories: ["prod/**"], rules: { non-root-user: { mode: report, quarantine: true } } }'
    const second = `{ repositories: ["**"], rules: { tag-immutability: ${setting} } }`
    const { warnings } = parsed(policy(first, second))

    expect(warnings).toEqual(
      Array.from({ length: count }, () =>
        expect.stringContaining('rules.non-root-user.quarantine: quarantine has nothing to do'),
      ),
    )
  })

  it('survives JSON, in which it is built into the functions', () => {
    const { config } = parsed(policy('{ repositories: ["**"], rules: { tag-immutability: report } }'))

    expect(JSON.parse(JSON.stringify(config))).toStrictEqual(config)
  })

  it('may be empty', () => {
    expect(parsed(around('policy: []')).config.policy).toEqual([])
  })

  it.each([
    [
      'quarantine that is neither',
      policy('{ repositories: ["**"], rules: { non-root-user: { mode: report, quarantine: yes please } } }'),
      /non-root-user\.quarantine: found "yes please", expected true or false$/,
    ],
    [
      'quarantine of a rule that is off',
      policy('{ repositories: ["**"], rules: { non-root-user: { mode: off, quarantine: true } } }'),
      /non-root-user: found quarantine: true with mode: off, expected mode: report: what is not judged never fails$/,
    ],
    [
      'quarantine of a rule that needs a scan, which no push has',
      policy('{ repositories: ["**"], rules: { vulnerabilities: { mode: report, quarantine: true } } }'),
      /vulnerabilities\.quarantine: unknown key, expected one of mode, severity/,
    ],
    [
      'a misspelt rule',
      policy('{ repositories: ["**"], rules: { tag-imutability: report } }'),
      /^steward\.yaml:3:38 {2}policy\[0]\.rules\.tag-imutability: unknown rule, expected .*tag-immutability.*\. Did you mean tag-immutability\?$/,
    ],
    [
      'a rule twice',
      policy('{ repositories: ["**"], rules: { tag-immutability: report, tag-immutability: off } }'),
      /^steward\.yaml:3:64 {2}found the key "tag-immutability" again, expected it once: the first is in line 3$/,
    ],
    [
      'no rule',
      policy('{ repositories: ["**"], rules: {} }'),
      /^steward\.yaml:3:36 {2}policy\[0]\.rules: found an empty mapping, expected at least one rule, such as tag-immutability: report$/,
    ],
    [
      'rules as a list',
      policy('{ repositories: ["**"], rules: [tag-immutability] }'),
      /^steward\.yaml:3:36 {2}policy\[0]\.rules: found a list, expected a mapping/,
    ],
    [
      'no rules',
      policy('{ repositories: ["**"] }'),
      /^steward\.yaml:3:5 {2}policy\[0]\.rules: missing, expected rules: \{ tag-immutability: report }$/,
    ],
    [
      'an unknown parameter',
      policy('{ repositories: ["**"], rules: { tag-immutability: { mode: report, exclusion: [] } } }'),
      /^steward\.yaml:3:72 {2}policy\[0]\.rules\.tag-immutability\.exclusion: unknown key, expected one of mode, severity, exclusions\. Did you mean exclusions\?$/,
    ],
    [
      'a mapping without a mode',
      policy('{ repositories: ["**"], rules: { tag-immutability: { exclusions: [] } } }'),
      /^steward\.yaml:3:56 {2}policy\[0]\.rules\.tag-immutability\.mode: missing, expected mode: report$/,
    ],
    [
      'a pattern in upper case',
      policy('{ repositories: ["Prod/"], rules: { tag-immutability: report } }'),
      /Did you mean prod\/\*\*\?$/,
    ],
  ])('is refused with %s', (_, text, expected) => {
    const found = faults(text)

    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(expected)
  })
})

describe('a rule that can never decide is a fault', () => {
  const entry = (patterns: string, mode = 'report') =>
    `{ repositories: [${patterns}], rules: { tag-immutability: ${mode} } }`

  it.each([
    ['an earlier entry takes the pattern', [entry('"**"'), entry('"prod/**"')], 'policy[0]'],
    ['one of many patterns does', [entry('"dev/*", "prod/**"'), entry('"prod/*"')], 'policy[0]'],
    [
      'two earlier entries take it together',
      [entry('"a/*"'), entry('"b/*"'), entry('"a/x", "b/x"')],
      'policy[0] and policy[1]',
    ],
    ['the earlier one is off', [entry('"**"', 'off'), entry('"prod/**"')], 'policy[0]'],
  ])('where %s', (_, entries, by) => {
    const line = entries.length + 2
    const column = (entries.at(-1) ?? '').indexOf('tag-immutability') + 5

    expect(faults(policy(...entries))).toEqual([
      `steward.yaml:${line}:${column}  policy[${entries.length - 1}].rules.tag-immutability: never decides: ${by} before it names the rule ` +
        'for every repository of this entry, and the first that does decides. Move this entry up, or remove the rule here',
    ])
  })

  it.each([
    ['narrow before wide', [entry('"prod/**"'), entry('"**"')]],
    ['a pattern of its own', [entry('"a/*"'), entry('"a/x", "b/x"')]],
    ['patterns that only overlap', [entry('"a/*"'), entry('"*/b"')]],
  ])('and %s is none', (_, entries) => {
    expect(parsed(policy(...entries)).config.policy).toHaveLength(entries.length)
  })

  it('also where the entry has other faults', () => {
    expect(faults(policy(entry('"**"'), entry('"prod/**"', 'reprot')))).toHaveLength(1)
  })
})

it('patterns that cannot be compared in time are a fault, not a gap', () => {
  const patterns = Array.from({ length: 90 }, (_, index) => `"${'*a'.repeat(120)}${index}"`).join()

  expect(faults(policy(`{ repositories: [${patterns}], rules: { tag-immutability: report } }`))).toEqual([
    'steward.yaml:2:1  policy: found patterns of more than 20000 characters in all, expected fewer: wildcards make them short',
  ])
})

describe('registry', () => {
  it('becomes rules with their lines, and the channels that are told', () => {
    const { config } = parsed(
      around(`registry:
  to: [slack:a, sns]
  rules:
    replication: { mode: report, destinations: [eu-west-1] }
    registry-scanning: off
channels: { a: { slack-webhook: { secret: a } } }`),
    )

    expect(config.registry.slack).toEqual(['a'])
    expect(config.registry.rules).toMatchObject([
      { rule: 'registry-scanning', mode: 'off', line: 6 },
      { rule: 'replication', mode: 'report', parameters: { destinations: ['eu-west-1'], prefixes: [] }, line: 5 },
    ])
  })

  it.each([
    [
      'a rule on repositories',
      'registry: { to: [sns], rules: { tag-immutability: report } }',
      '2:33  registry.rules.tag-immutability: found a rule on repositories, expected in an entry of policy',
    ],
    [
      'a rule on images',
      'registry: { to: [sns], rules: { max-image-size: report } }',
      '2:33  registry.rules.max-image-size: found a rule on images, expected in an entry of policy',
    ],
    [
      'a rule without what it must be given',
      'registry: { to: [sns], rules: { replication: report } }',
      '2:46  registry.rules.replication: found "report", expected a mapping such as { mode: report, destinations: [eu-west-1] }',
    ],
    [
      'a mapping without what it must have',
      'registry: { to: [sns], rules: { replication: { mode: report } } }',
      '2:46  registry.rules.replication.destinations: missing, expected destinations: [eu-west-1]',
    ],
    [
      'a channel that does not exist',
      'registry: { to: [slack:nobody], rules: { registry-scanning: report } }',
      '2:18  registry.to[0]: found channel "nobody", expected a channel under the key channels, which has none yet',
    ],
    [
      'nobody to tell',
      'registry: { rules: { registry-scanning: report } }',
      '2:11  registry.to: missing, expected to: [sns]',
    ],
  ])('is refused with %s', (_, text, expected) => {
    expect(faults(around(text))).toEqual([`steward.yaml:${expected}`])
  })

  it('has the rules that policy sends here', () => {
    expect(faults(policy('{ repositories: ["**"], rules: { registry-scanning: report } }'))).toEqual([
      'steward.yaml:3:38  policy[0].rules.registry-scanning: found a rule on the registry, expected in registry.rules',
    ])
  })
})
