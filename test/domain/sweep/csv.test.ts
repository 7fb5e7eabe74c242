import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportCsv } from '../../../functions/domain/sweep/csv.ts'
import type { SweepReport } from '../../../functions/domain/sweep/report.ts'
import { pass, report, repository } from './page/report.ts'

/** A second reading of RFC 4180, letter by letter. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  for (let n = 0; n < text.length; n++) {
    const letter = text[n]
    if (quoted && letter === '"' && text[n + 1] === '"') cell += text[n++]
    else if (letter === '"') quoted = !quoted
    else if (!quoted && letter === ',') cell = rows.at(-1)?.push(cell) ? '' : cell
    else if (!quoted && letter === '\r') {
      rows.at(-1)?.push(cell)
      rows.push([])
      cell = ''
      n++
    } else cell += letter
  }
  return rows.slice(0, -1)
}

const rowsOf = (of: SweepReport) => {
  const [heads = [], ...rows] = parse([...reportCsv(of)].join(''))
  return rows.map((cells) => Object.fromEntries(heads.map((head, n) => [head, cells[n]])))
}

describe('reportCsv', () => {
  it('is as it was agreed', async () => {
    await expect([...reportCsv(report())].join('')).toMatchFileSnapshot('__snapshots__/report.csv')
  })

  it('has a row for each repository, with its numbers', () => {
    const rows = rowsOf(report())
    expect(rows.filter(({ state }) => state === 'judged' || state === 'partly judged')).toHaveLength(39)
    expect(rows.find((row) => row.repository === 'prod/api')).toMatchObject({
      state: 'judged',
      bytes: '4200000000',
      critical: '1',
      low: '0',
      overdue: '1',
    })
    expect(rows.find((row) => row.repository === 'prod/web')).toMatchObject({
      state: 'partly judged',
      why: 'its lifecycle policy: AccessDenied',
    })
  })

  it('names what was not judged, without numbers', () => {
    const coverage = { ...report().coverage, omitted: 7 }
    const missing = rowsOf(report({ coverage })).filter(({ state }) => state === 'not judged')
    expect(missing).toMatchObject([
      { repository: 'prod/huge', score: '', critical: '', why: 'its batch did not end' },
      { repository: '', why: '7 more that are not named here' },
    ])
    expect(rowsOf(report())[0]).toMatchObject({ region: 'us-east-1', state: 'registry not judged whole' })
    const registry = { account: '1', region: 'r', repository: null, why: 'denied' }
    const [first] = rowsOf(pass({ coverage: { ...pass().coverage, notJudged: [registry] } }))
    expect(first).toMatchObject({ repository: '', why: 'denied' })
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '＝1'])('makes no formula of %j', (repositoryName) => {
    const [row] = rowsOf(pass({ repositories: [repository({ repository: repositoryName })] }))
    expect(row?.repository?.startsWith("'")).toBe(true)
  })

  it('is read as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab",; \'') }), (owner) => {
        const [row] = rowsOf(pass({ repositories: [repository({ owner })] }))
        expect(row?.owner).toBe(owner)
      }),
    )
  })
})
