import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { RULES } from '../../functions/domain/rulebook.ts'
import { steward } from './cli.ts'

describe('rules', () => {
  test('in a pipe is one rule a line, its fields separated by tabs', async () => {
    const { code, out, err } = await steward(['rules'])
    expect([code, err]).toEqual([0, ''])
    const lines = out.trimEnd().split('\n')
    expect(lines.map((line) => line.split('\t')[0])).toEqual(RULES.map(({ id }) => id))
    expect(lines).toContain(
      'tag-immutability\trepository\tMEDIUM\treport, enforce\tTags cannot be moved to another image.',
    )
  })

  test.each([60, 80, 120, 200])('on a terminal of %i columns has a head and no longer lines', async (columns) => {
    const lines = stripVTControlCharacters((await steward(['rules'], { columns })).out).split('\n')
    expect(lines[0]).toMatch(/^RULE +ABOUT +SEVERITY +MODES/)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
  })

  test('as JSON has all that a rule says of itself', async () => {
    const { schemaVersion, rules } = JSON.parse((await steward(['rules', '--json'])).out)
    expect(schemaVersion).toBe(1)
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(RULES.map(({ id }) => id))
    expect(rules.find(({ id }: { id: string }) => id === 'tag-immutability')).toMatchObject({
      ...{ about: 'repository', severity: 'MEDIUM', modes: ['report', 'enforce'] },
      parameters: [{ name: 'exclusions', kind: 'globs', default: [] }],
    })
  })
})

describe('explain', () => {
  test.each(RULES)('$id says why, and where one reads on', async (rule) => {
    const { code, out } = await steward(['explain', rule.id], { columns: 400 })
    expect(code).toBe(0)
    const text = stripVTControlCharacters(out).replaceAll(/\s+/g, ' ')
    expect(text).toContain(rule.summary)
    expect(text).toContain(rule.why)
    expect(text).toContain(rule.see)
  })
})
