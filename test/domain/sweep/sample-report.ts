import type { History } from '../../../functions/domain/sweep/history.ts'
import type { SweepReport } from '../../../functions/domain/sweep/report.ts'
import { createSummary } from '../../../functions/domain/sweep/summary.ts'
import { SAMPLE_EXCEPTIONS, SAMPLE_NOW, SAMPLE_TARGETS, sampleRecords } from './sample-records.ts'

const DAY = 86_400_000

/** Sweeps before that of the sample, one a day. */
const NIGHTS = 29

function sweep(daysAgo: number, history: History) {
  const now = new Date(SAMPLE_NOW.getTime() - daysAgo * DAY)
  const summary = createSummary({
    ...{
      id: now.toISOString().slice(0, 13).toLowerCase(),
      startedAt: new Date(now.getTime() - 5 * 60_000),
      now,
      history,
    },
    ...{
      policy: { sla: { CRITICAL: 7, HIGH: 30, MEDIUM: 90 } },
      exceptions: SAMPLE_EXCEPTIONS,
      targets: SAMPLE_TARGETS,
    },
  })
  for (const record of sampleRecords(daysAgo)) summary.add(record)
  return summary.end(now)
}

const last = (): History => {
  let history: History = null
  for (let daysAgo = NIGHTS; daysAgo > 0; daysAgo--) history = sweep(daysAgo, history).history
  return history
}

/**
 * A report as it comes of real sweeps, of thirty nights: three registries of which one is not reached, twelve repositories
 * of five owners, exceptions in every state, names and texts that try to break out.
 */
export const sampleReport = (): SweepReport => sweep(0, last()).report

/** The report of a first sweep, in which nothing is wrong: one registry with one repository and one image. */
export function cleanReport(): SweepReport {
  const [target] = SAMPLE_TARGETS
  const summary = createSummary({
    ...{
      id: '2026-11-24t21',
      startedAt: SAMPLE_NOW,
      now: SAMPLE_NOW,
      policy: { sla: {} },
      history: null,
      exceptions: [],
    },
    targets: target ? [{ ...target, listed: 1 }] : [],
  })
  for (const record of sampleRecords())
    if (record.kind === 'repository' ? record.repository === 'web/assets' : record.region === target?.region)
      summary.add(record)
  return summary.end(SAMPLE_NOW).report
}
