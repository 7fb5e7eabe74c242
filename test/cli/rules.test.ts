import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { RULES } from '../../functions/domain/rulebook.ts'
import { steward } from './cli.ts'
import { CONFIG } from './registry.ts'

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

describe('explain, with a configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-explain-'))
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  afterAll(() => rmSync(folder, { recursive: true }))
  const valid = write('valid.yaml', CONFIG)

  test('says which lines put a rule in force, and for what', async () => {
    const { out } = await steward(['explain', 'tag-immutability', '--config', valid], { columns: 120, cwd: folder })
    expect(stripVTControlCharacters(out)).toContain(
      'In valid.yaml\n  line 5  off     scratch/**\n  line 8  report  **\n',
    )
    const registry = await steward(['explain', 'registry-scanning', '--config', valid])
    expect(registry.out).toContain('line 13  report  the registry')
  })

  test('says so where nothing does', async () => {
    const { out, err } = await steward(['explain', 'encryption', '--config', valid])
    expect(err).toBe('')
    expect(out).toContain('It is not in force: no entry names it.')
  })

  test('explains all the same where the file has faults', async () => {
    const faulty = write('faulty.yaml', CONFIG.replace('report', 'rport'))
    const { code, out } = await steward(['explain', 'tag-immutability', '--config', faulty])
    expect(code).toBe(0)
    expect(out).toContain('The file has faults: ecr-steward config validate shows them.')
  })

  test('shows a fail, what mends it, and what enforcing does and undoes', async () => {
    const { out } = await steward(['explain', 'scan-on-push'])
    expect(out).toMatch(/^A fail, and what mends it$/m)
    expect(out).toMatch(/^ {2}\$ aws ecr put-image-scanning-configuration .*scanOnPush/m)
    expect(out).toMatch(/^Mode enforce$/m)
  })
})
