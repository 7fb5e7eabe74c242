import { bySeverity, type Severity } from '../../functions/domain/severity.ts'
import type { Verdict } from '../../functions/domain/verdict.ts'
import type { Subject } from './subject.ts'

/** One rule on one subject. */
export type Case = { readonly subject: Subject; readonly verdict: Verdict }

/** What one rule says of several subjects: one thing to see to. */
export type Group = {
  readonly rule: string
  readonly outcome: 'fail' | 'unknown'
  readonly severity: Severity
  readonly cases: readonly Case[]
}

const keyOf = ({ verdict: { rule, outcome, severity } }: Case): string => [outcome, severity, rule].join(' ')

/** Fails before unknowns, severe before mild, many before few. */
const byUrgency = (a: Group, b: Group): number =>
  Number(a.outcome === 'unknown') - Number(b.outcome === 'unknown') ||
  bySeverity(a.severity, b.severity) ||
  b.cases.length - a.cases.length ||
  a.rule.localeCompare(b.rule)

/** What has to be seen to, by rule, most urgent first. */
export function groupsOf(cases: readonly Case[]): readonly Group[] {
  const byKey = new Map<string, Case[]>()
  for (const one of cases) {
    const members = byKey.get(keyOf(one))
    if (members) members.push(one)
    else byKey.set(keyOf(one), [one])
  }
  return [...byKey.values()]
    .flatMap((members): Group[] => {
      const [first] = members
      if (!first) return []
      const { rule, severity, outcome } = first.verdict
      return [{ rule, severity, outcome: outcome === 'fail' ? 'fail' : 'unknown', cases: members }]
    })
    .toSorted(byUrgency)
}
