import { SEVERITIES, type Severity } from '../severity.ts'
import type { SweepPolicy } from './policy.ts'
import type { RecordedFinding } from './record.ts'
import type { AgeReport } from './report.ts'

const DAY = 86_400_000

/** Instants that are kept read: a repository has few of them. */
const KNOWN = 1_000

/** Days below which a finding is in the first buckets; the last one has the rest. */
const BUCKETS = [7, 30, 90] as const

/** How old findings are. */
export type Aging = {
  /** Whole days since it was first seen. */
  readonly daysOf: (finding: Pick<RecordedFinding, 'firstSeen'>) => number
  /** Days within which a severity has to go; undefined where there are none. */
  readonly slaOf: (severity: Severity) => number | undefined
  readonly isOverdue: (finding: Pick<RecordedFinding, 'firstSeen' | 'severity'>) => boolean
}

/** @param sla days by severity; a finding is overdue on the day after them */
export function agingAt(now: Date, sla: SweepPolicy['sla']): Aging {
  const known = new Map<string, number>()
  const daysOf = ({ firstSeen }: Pick<RecordedFinding, 'firstSeen'>): number => {
    const before = known.get(firstSeen)
    if (before !== undefined) return before
    if (known.size >= KNOWN) known.clear()
    const days = Math.max(0, Math.floor((now.getTime() - Date.parse(firstSeen)) / DAY))
    known.set(firstSeen, days)
    return days
  }
  const slaOf = (severity: Severity): number | undefined => sla[severity]
  return {
    daysOf,
    slaOf,
    isOverdue: (finding) => daysOf(finding) > (slaOf(finding.severity) ?? Number.POSITIVE_INFINITY),
  }
}

/** Counts findings by their age. What is excepted is not to be added. */
export type Ages = {
  /** @param count how many of the same severity and age */
  readonly add: (finding: Pick<RecordedFinding, 'severity' | 'firstSeen'>, count?: number) => void
  /** Severities with findings or with SLA days, worst first. */
  readonly report: () => AgeReport[]
}

export function createAges({ daysOf, slaOf, isOverdue }: Aging): Ages {
  const ages = SEVERITIES.map(
    (severity): AgeReport => ({ severity, sla: slaOf(severity) ?? null, buckets: [0, 0, 0, 0], overdue: 0 }),
  )
  const bySeverity = new Map(ages.map((age) => [age.severity, age]))
  return {
    add(finding, count = 1) {
      const age = bySeverity.get(finding.severity) as AgeReport
      const days = daysOf(finding)
      const bucket = BUCKETS.findIndex((below) => days < below)
      age.buckets[(bucket < 0 ? BUCKETS.length : bucket) as 0 | 1 | 2 | 3] += count
      if (isOverdue(finding)) age.overdue += count
    },
    report: () => ages.filter(({ sla, buckets }) => sla !== null || buckets.some((some) => some > 0)),
  }
}
