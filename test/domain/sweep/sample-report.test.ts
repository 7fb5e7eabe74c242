import * as v from 'valibot'
import { expect, test } from 'vitest'
import { SweepReportSchema } from '../../../functions/domain/sweep/report.ts'
import { cleanReport, sampleReport } from './sample-report.ts'

test('the sample is a report as its schema says, and shows something of everything', () => {
  const report = sampleReport()

  expect(v.parse(SweepReportSchema, report)).toEqual(report)
  expect(report.verdict).toBe('fail')
  expect(report.coverage).toMatchObject({ listed: 13, judged: 12, notWhole: 1, complete: false })
  expect(report.trend).toHaveLength(30)
  expect(report.since).toMatchObject({
    newFails: 1,
    fixedFails: 1,
    newFindings: { HIGH: 2 },
    fixedFindings: { CRITICAL: 1 },
  })
  expect(new Set(report.fixes.map(({ kind }) => kind))).toEqual(new Set(['base', 'package', 'rule']))
  expect(report.exceptions.map(({ state }) => state)).toEqual(['expired', 'expires-soon', 'holds', 'holds'])
  expect(report.owners).toHaveLength(5)
  expect(report.repositories).toHaveLength(12)
})

test('of one registry with one clean image everything passes', () => {
  expect(cleanReport()).toMatchObject({
    verdict: 'pass',
    score: 100,
    losses: [],
    since: null,
    coverage: { listed: 1, judged: 1, complete: true },
  })
})
