import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportCsv } from '../../../functions/domain/sweep/csv.ts'
import type { SweepReport } from '../../../functions/domain/sweep/report.ts'
import { table } from '../../rfc4180.ts'
import { pass, report, repository } from './page/report.ts'

const rowsOf = (of: SweepReport) => table([...reportCsv(of)].join(''))

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
