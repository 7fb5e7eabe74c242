import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../config/parse.ts'
import { NOW } from './read.ts'

const VALID = `alerts:
  - repositories: ["prod/**", 'team-*/web']
    threshold: MEDIUM # from here on
    to: &all [slack:security, sns]
  - { repositories: ["**"], to: *all }
channels:
  security: { slack-webhook: { secret: ecr-steward/slack/security } }
operations:
  email: [platform@example.com]
`

const WORDS = [
  ...['alerts', 'repositories', 'threshold', 'to', 'channels', 'slack-webhook', 'secret', 'operations', 'email'],
  ...[
    'policy',
    'sweep',
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

/** Every fault must point into the text: an editor jumps there. */
function check(text: string): void {
  const result = parseConfig(text, 'steward.yaml', NOW)
  if (!('faults' in result)) return
  const lines = text.split('\n')
  expect(result.faults).not.toEqual([])
  for (const { line, column, message } of result.faults) {
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
    expect(message).not.toMatch(/\[object|undefined|\bNaN\b|\n/)
  }
}

describe('whatever the text, there is a configuration or a list of faults inside the text', () => {
  it('for arbitrary characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check), { numRuns: 1_000 })
  })

  it('for words of the language in any order', () => {
    const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((list) => list.join(''))
    fc.assert(fc.property(words, check), { numRuns: 4_000 })
  })

  it('for a valid file with some characters cut, doubled or replaced', () => {
    const change = fc.record({ at: fc.nat(VALID.length), cut: fc.nat(20), add: fc.constantFrom('', ...WORDS) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) =>
        check(changes.reduce((text, { at, cut, add }) => text.slice(0, at) + add + text.slice(at + cut), VALID)),
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('a text made to exhaust the reader is refused', () => {
  const LONG = 50_000
  const alias = (name: string) => `[${`*${name},`.repeat(9)}]`

  it.each([
    ['lists in lists', '['.repeat(LONG)],
    ['mappings in mappings', '{'.repeat(LONG)],
    ['mappings as keys of mappings', `${'{'.repeat(300)}${'}'.repeat(300)}`],
    ['keys of keys', '? '.repeat(LONG / 2)],
    ['dashes', '- '.repeat(LONG / 2)],
    ['colons', 'a: '.repeat(LONG / 3)],
    ['many different keys', Array.from({ length: LONG / 8 }, (_, index) => `k${index}: 1`).join('\n')],
    ['many equal keys', 'k: 1\n'.repeat(LONG / 5)],
    [
      'aliases of aliases',
      `a: &a [x]\nb: &b ${alias('a')}\nc: &c ${alias('b')}\nd: &d ${alias('c')}\nalerts: ${alias('d')}`,
    ],
    ['a list that holds itself', 'alerts: &a [*a]'],
    ['a mapping that holds itself', 'alerts: [&a { repositories: ["**"], to: *a }]'],
    ['many patterns', `alerts: [${`{ repositories: [${'"*a*a*a*", '.repeat(200)}], to: [sns] },`.repeat(20)}]`],
  ])('%s', (_, text) => {
    check(text)
    expect(parseConfig(text, 'steward.yaml', NOW)).toHaveProperty('faults')
  })
})
