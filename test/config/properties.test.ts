import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../config/parse.ts'
import { expectFaultsInside } from './inside.ts'
import { around, NOW, policyFile } from './read.ts'

const VALID = `alerts:
  - repositories: ["prod/**", 'team-*/web']
    threshold: MEDIUM # from here on
    to: &all [slack:security, sns]
  - { repositories: ["**"], to: *all }
channels:
  security: { slack-webhook: { secret: ecr-steward/slack/security } }
policy:
  - repositories: ["prod/**"]
    rules: { tag-immutability: enforce, max-image-size: { mode: report, severity: HIGH, limit: 1.5 GB } }
  - repositories: ["**"]
    rules:
      required-tags: { mode: report, keys: [owner], values: { owner: team-a } }
      tag-naming: { mode: report, kinds: [semver], patterns: ["v[0-9]+"], allowed: [latest] }
registry:
  to: *all
  rules: { registry-scanning: report }
exceptions:
  - finding: CVE-2026-1234
    package: openssl
    repositories: ["team-a/*"]
    tags: ["1.*"]
    reason: TLS is terminated before this service
    owner: team-a
    expires: 2027-01-31
  - { rule: tag-immutability, repositories: ["dev/*"], reason: a, owner: b, expires: 2026-11-19 }
clean-up:
  mode: apply
  to: *all
  at-most: { images: 500, share: 20%, share-of-registry: 10% }
  policies:
    - { repositories: ["ci/**"], policy: lifecycle/ci.json }
  in-use:
    ignore-accounts: ["333333333333"]
    pins: [{ repositories: ["prod/**"], tags: ["v1.*"], reason: contract }]
sweep:
  to: [sns]
  regions: [us-east-1]
  sla: { CRITICAL: 7 days }
operations:
  email: [platform@example.com]
`

const WORDS = [
  ...['alerts', 'repositories', 'threshold', 'to', 'channels', 'slack-webhook', 'secret', 'operations', 'email'],
  ...[
    'policy',
    'rules',
    'tag-immutability',
    'max-image-size',
    'registry',
    'exceptions',
    'finding',
    'expires',
    'report',
    'enforce',
    '1 GB',
    '2027-02-30',
    '(?=a)',
    'sweep',
    'regions',
    'sla',
    '7 days',
    'clean-up',
    'policies',
    'in-use',
    'pins',
    'policy: a.json',
    'at-most',
    '20%',
    'HIGH',
    'slack:a',
    'sns',
    '"**"',
    '**',
    '*a',
    '&a',
    '<<',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...[
    ': ',
    '\n',
    '\n  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '? ',
    '"',
    "'",
    '|',
    '>',
    '!x ',
    '!!set ',
    '%YAML 1.1',
    '---\n',
  ],
  ...['...\n', '#', '\t', '\r\n', '\0', '\ufeff', '\u2028', '🚢', '1', '.inf', 'null', '~', '2026-01-01', '\ud800'],
]

it('the file that is changed here is valid', () => {
  expect(parseConfig(VALID, 'steward.yaml', NOW, policyFile)).toHaveProperty('config')
})

describe('whatever the text, there is a configuration or a list of faults inside the text', () => {
  it('for arbitrary characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectFaultsInside), { numRuns: 500 })
  })

  it('for words of the language in any order', () => {
    const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((list) => list.join(''))
    fc.assert(fc.property(words, expectFaultsInside), { numRuns: 800 })
  })

  it('for data of any shape in any section', () => {
    const key = fc.constantFrom(
      'rule',
      'rules',
      'mode',
      'repositories',
      'to',
      'tags',
      'tag-naming',
      'toString',
      '__proto__',
      'a',
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom<unknown>(null, 0, -1.5, true, '', 'a', '**', 'report', 'tag-naming', 'registry-scanning'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3 }),
      ),
    }))
    const section = fc.constantFrom('alerts', 'channels', 'policy', 'registry', 'exceptions', 'operations')
    fc.assert(
      fc.property(fc.dictionary(section, fc.oneof(value, fc.array(value, { maxLength: 2 })), { maxKeys: 3 }), (file) =>
        expectFaultsInside(JSON.stringify(file)),
      ),
      { numRuns: 600 },
    )
  })

  it('for a valid file with some characters cut, doubled or replaced', () => {
    const change = fc.record({ at: fc.nat(VALID.length), cut: fc.nat(20), add: fc.constantFrom('', ...WORDS) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) =>
        expectFaultsInside(
          changes.reduce((text, { at, cut, add }) => text.slice(0, at) + add + text.slice(at + cut), VALID),
        ),
      ),
      { numRuns: 800 },
    )
  })
})

describe('a text made to exhaust the reader is refused', () => {
  const LONG = 50_000
  const rule = (setting: string) =>
    around(`policy: [{ repositories: ["**"], rules: { tag-naming: { mode: report, ${setting} } } }]`)

  it.each([
    ['lists in lists', '['.repeat(LONG)],
    ['mappings in mappings', '{'.repeat(LONG)],
    ['keys of keys', '? '.repeat(LONG / 2)],
    ['dashes', '- '.repeat(LONG / 2)],
    ['colons', 'a: '.repeat(LONG / 3)],
    ['many different keys', Array.from({ length: LONG / 8 }, (_, index) => `k${index}: 1`).join('\n')],
    ['many equal keys', 'k: 1\n'.repeat(LONG / 5)],
    ['a thousand exceptions that say little', around(`exceptions: [${'{ a: 1 },'.repeat(1_000)}]`)],
    [
      'patterns that take long to compare',
      around(
        `policy: [${Array.from({ length: 90 }, (_, index) => `{ repositories: ["${'*a'.repeat(100)}${index}"], rules: { tag-immutability: x } },`).join('')}]`,
      ),
    ],
    [
      'more patterns than can be compared',
      around(`policy: [${`{ repositories: [${`"${'*a'.repeat(120)}",`.repeat(90)}], rules: {} },`.repeat(2)}]`),
    ],
    ['expressions that are long', rule(`patterns: [${`"${'(a|b)*'.repeat(80)}",`.repeat(100)}], kinds: x`)],
    ['expressions that are too long', rule(`patterns: ["${'(a|b)*'.repeat(LONG / 6)}"]`)],
    ['expressions that are deep', rule(`patterns: ["${'('.repeat(LONG)}"]`)],
    ['expressions that repeat repetitions', rule('patterns: ["(((a{99}){99}){99}){99}"]')],
    [
      'many rules that do not exist',
      around(
        `policy: [{ repositories: ["**"], rules: { ${Array.from({ length: LONG / 8 }, (_, index) => `r${index}: off`).join()} } }]`,
      ),
    ],
    ['a reason without end', around(`exceptions: [{ reason: "${' '.repeat(LONG)}" }]`)],
    ['many patterns', `alerts: [${`{ repositories: [${'"*a*a*a*", '.repeat(200)}], to: [sns] },`.repeat(20)}]`],
  ])('%s', (_, text) => {
    expectFaultsInside(text)
    expect(parseConfig(text, 'steward.yaml', NOW)).toHaveProperty('faults')
  })
})
