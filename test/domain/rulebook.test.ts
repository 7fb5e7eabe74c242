import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RULES } from '../../functions/domain/rulebook.ts'
import { SEVERITIES } from '../../functions/domain/severity.ts'
import { judgeUnread, NOW, repository } from './rules/facts.ts'

const files = readdirSync(join(import.meta.dirname, '../../functions/domain/rules')).map((file) =>
  file.replace('.ts', ''),
)

test('there is a file for each rule, and no other', () => {
  expect(files.toSorted()).toEqual(RULES.map(({ id }) => id).toSorted())
})

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test('says what it asks for, why, and where to read about it', () => {
    expect(rule.summary).toMatch(/^[A-Z].{10,}\.$/)
    expect(rule.why).toMatch(/^[A-Z].{20,}\.$/)
    expect(rule.see).toMatch(/^https:\/\//)
    expect(SEVERITIES).toContain(rule.severity)
  })

  test('names what its remedy may write, if it has one', () => {
    expect(rule.writes.length > 0).toBe(rule.enforceable)
  })

  test('says of each parameter what it means, with an example', () => {
    for (const [name, { about, example }] of Object.entries(rule.parameters)) {
      expect(name).toMatch(/^[a-z][A-Za-z]*$/)
      expect(about).toMatch(/^[A-Z].{10,}\.$/)
      expect(example).not.toBe('')
    }
  })

  test.each(rule.needs)('is unknown, and has no remedy, where %s cannot be read', (need) => {
    expect(judgeUnread(rule, need).outcome).toBe('unknown')
    expect(rule.remedy({ [need]: { unread: 'no' } }, {}, { ref: repository, now: NOW })).toBeUndefined()
  })

  test('is unknown where nothing was read at all, unless it needs nothing', () => {
    expect(judgeUnread(rule, 'else').outcome === 'unknown').toBe(rule.needs.length > 0)
  })
})
