import { countFrom } from '../domain/severity.ts'
import type { SweepReport } from '../domain/sweep/report.ts'
import type { Metrics } from '../metrics.ts'
import { METRICS } from './contract.ts'

/** What is judged of nearly everything is not all of it: an alarm looks for less than 100. */
const NEARLY = 99.9

/** Percent of what was listed; less than 100 unless all registries were listed and judged whole. */
function coverageOf({ coverage: { listed, judged, complete } }: SweepReport): number {
  if (complete) return 100
  return listed === 0 ? 0 : Math.min(NEARLY, Math.floor((judged / listed) * 1_000) / 10)
}

const count = (value: number) => ({ value, unit: 'Count' }) as const
const bytes = (value: number) => ({ value, unit: 'Bytes' }) as const

/** What CloudWatch is told of a sweep that has ended. */
export function sweepMetrics(report: SweepReport): Metrics {
  const { startedAt, endedAt, score, totals } = report
  const { findings, overdue } = totals
  return {
    [METRICS.coverage]: { value: coverageOf(report), unit: 'Percent' },
    [METRICS.duration]: { value: Date.parse(endedAt) - Date.parse(startedAt), unit: 'Milliseconds' },
    [METRICS.repositories]: count(totals.repositories),
    [METRICS.images]: count(totals.images),
    [METRICS.fails]: count(totals.fails),
    [METRICS.unknowns]: count(totals.unknowns),
    [METRICS.findings]: count(countFrom(findings, 'UNDEFINED')),
    [METRICS.critical]: count(findings.CRITICAL ?? 0),
    [METRICS.high]: count(findings.HIGH ?? 0),
    [METRICS.overdue]: count(countFrom(overdue, 'UNDEFINED')),
    [METRICS.score]: { value: score, unit: 'None' },
    [METRICS.storedBytes]: bytes(totals.bytes),
    [METRICS.removableBytes]: bytes(totals.removableBytes),
    [METRICS.dollars]: { value: totals.dollarsPerMonth, unit: 'None' },
  }
}
