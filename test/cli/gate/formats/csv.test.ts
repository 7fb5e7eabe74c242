import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { format } from '../../../../cli/gate/formats/csv.ts'
import type { GateResult } from '../../../../functions/domain/gate/result.ts'
import { visible } from '../../../../functions/domain/sweep/visible.ts'
import { rows, table } from '../../../rfc4180.ts'
import { everywhere, excepted, full, gateResult, LOOK, many, RESULTS, unknown, unlisted } from '../results.ts'
import { anyText } from './texts.ts'

const rowsOf = (result: GateResult) => table(format(result, LOOK))

describe('csv', () => {
  it.each(['failing', 'passing', 'unknown', 'excepted', 'hostile'])('is as it was agreed: %s', async (name) => {
    await expect(format(RESULTS[name]?.() ?? gateResult(), LOOK)).toMatchFileSnapshot(`__snapshots__/${name}.csv`)
  })

  it.each(Object.entries({ ...RESULTS, many }))('has a line for each part of %s, each with every cell', (_, make) => {
    const result = make()
    const all = rows(format(result, LOOK))
    expect(new Set(all.map((cells) => cells.length)).size).toBe(1)
    const unlistedLines = Object.values(result.unlisted).filter((count) => count > 0).length
    expect(all).toHaveLength(2 + result.platforms.length + result.rules.length + result.findings.length + unlistedLines)
  })

  it('has no column that docs/gate.md does not name', () => {
    const text = readFileSync('docs/gate.md', 'utf8')
    const section = text.slice(text.indexOf('### CSV'), text.indexOf('### JUnit'))
    const [heads = []] = rows(format(gateResult(), LOOK))
    const named = [...section.matchAll(/`([A-Za-z]+)`/g)].map(([, name]) => name)
    expect(heads.filter((head) => head !== 'name' && head !== 'state' && !named.includes(head))).toEqual([])
  })

  it('says why a finding does not count, and until when', () => {
    expect(rowsOf(excepted()).filter(({ type }) => type === 'finding')).toMatchObject([
      { name: 'CVE-2026-6666', state: 'counts', over: 'true', exception: 'expired', exceptionLine: '18' },
      { name: 'CVE-2026-0001', state: 'excepted', over: 'false', owner: 'team-a', expires: '2027-01-31' },
    ])
  })

  it('shows what is not known, and leaves empty what it would say', () => {
    const lines = rowsOf(unknown())
    expect(lines[0]).toMatchObject({ type: 'image', state: 'unknown', severity: '' })
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'platform', state: 'unknown', reason: 'It was never scanned.' }),
    )
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'rule', name: 'base-image', state: 'unknown', severity: 'UNDEFINED' }),
    )
  })

  it('counts what ECR does not list', () => {
    expect(rowsOf(unlisted()).filter(({ type }) => type === 'unlisted')).toMatchObject([
      { severity: 'HIGH', over: 'true', reason: 'ECR counts 2 high findings that it does not list.' },
    ])
    const below = { ...unlisted(), limits: { CRITICAL: 0 } }
    expect(rowsOf(below).find(({ type }) => type === 'unlisted')?.over).toBe('false')
  })

  it('stays whole and makes no formula of anything, whatever it holds', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const result = everywhere(text, full())
        const lines = rowsOf(result)
        const findings = lines.filter(({ type }) => type === 'finding')
        const shown = result.findings.map(({ id }) => visible(id))
        expect(findings.map(({ name = '' }, n) => name === shown[n] || name === `'${shown[n]}`)).not.toContain(false)
        expect(findings).toHaveLength(result.findings.length)
        for (const line of lines)
          for (const cell of Object.values(line)) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/)
      }),
    )
  })
})
