import { bySeverity, type Severity } from '../../functions/domain/severity.ts'
import type { Verdict } from '../../functions/domain/verdict.ts'
import type { Subject } from '../../functions/judging/subject.ts'

/** One rule on one subject. */
export type Case = { readonly subject: Subject; readonly verdict: Verdict }

/** What one rule says of several subjects: one thing to see to. */
export type Group = {
  readonly rule: string
  readonly outcome: 'fail' | 'unknown'
  readonly severity: Severity
  readonly cases: readonly Case[]
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const members = groups.get(keyOf(item))
    if (members) members.push(item)
    else groups.set(keyOf(item), [item])
  }
  return [...groups.values()]
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
  return grouped(cases, keyOf)
    .flatMap((members): Group[] => {
      const [first] = members
      if (!first) return []
      const { rule, severity, outcome } = first.verdict
      return [{ rule, severity, outcome: outcome === 'fail' ? 'fail' : 'unknown', cases: members }]
    })
    .toSorted(byUrgency)
}

/** The cases of a group by what mends them, those first that are mended together with most others. */
export const byFix = ({ cases }: Group): readonly (readonly Case[])[] =>
  grouped(cases, ({ verdict }) => verdict.fix?.text ?? '').toSorted((a, b) => b.length - a.length)
