import type { AgreedFindings } from '../domain/agreed-findings.ts'
import type { Excepted, Exception } from '../domain/exception.ts'
import type { ImageScan, PlatformScan } from '../domain/facts/image-facts.ts'
import { type Finding, findingKey } from '../domain/finding.ts'
import { byUrgency } from '../domain/ranking.ts'
import type { Fix } from '../domain/rule/judgement.ts'
import type {
  RecordedException,
  RecordedFinding,
  RecordedScan,
  RecordedVerdict,
  RuleCount,
} from '../domain/sweep/record.ts'
import { isOpen, type Verdict } from '../domain/verdict.ts'

const recordedException = (
  state: RecordedException['state'],
  { reason, owner, expires, line }: Exception,
): RecordedException => ({ state, reason, owner, expires, line })

const exceptionOf = ({ state, exception }: Excepted): RecordedException => recordedException(state, exception)

/** Without the document before and after, which may be long: the command has what is needed. */
const withoutChange = ({ text, command, cdk }: Fix): Fix => ({
  text,
  ...(command !== undefined && { command }),
  ...(cdk !== undefined && { cdk }),
})

const recordedVerdict = ({ rule, outcome, severity, mode, reason, fix, exception }: Verdict): RecordedVerdict => ({
  ...{ rule, outcome, severity, mode, reason },
  ...(fix && { fix: withoutChange(fix) }),
  ...(exception && { exception: exceptionOf(exception) }),
})

/** Those that are open or excepted. */
export const recordedVerdicts = (verdicts: readonly Verdict[]): readonly RecordedVerdict[] =>
  verdicts.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown').map(recordedVerdict)

/** Those that count and those that are excepted, worst first. @param firstSeen of a finding, as an ISO 8601 instant */
export function recordedFindings(
  { findings, excepted, lapsed }: AgreedFindings,
  firstSeen: (finding: Finding) => string,
): readonly RecordedFinding[] {
  const counting = findings.map((finding): RecordedFinding => {
    const ended = lapsed.get(findingKey(finding))
    const record = { ...finding, firstSeen: firstSeen(finding) }
    return ended ? { ...record, exception: recordedException('expired', ended) } : record
  })
  const agreed = excepted.map(({ finding, exception }) => ({
    ...finding,
    firstSeen: firstSeen(finding),
    exception: recordedException('excepted', exception),
  }))
  return [...counting.toSorted(byUrgency), ...agreed.toSorted(byUrgency)]
}

/** Worst first: what one platform is lets no image pass. */
const SCANS: readonly RecordedScan[] = ['unread', 'failed', 'unsupported', 'never', 'pending', 'complete']

const stateOf = ({ outcome, status }: PlatformScan): RecordedScan =>
  outcome === 'failed' && status === 'UNSUPPORTED_IMAGE' ? 'unsupported' : outcome

/** That of the worst platform; what is no image needs none, and is as complete. */
export function scanState({ platforms }: ImageScan): RecordedScan {
  const states = new Set(platforms.map(stateOf))
  return SCANS.find((state) => states.has(state)) ?? 'complete'
}

/** What the platforms of an image have, each finding once. */
export const findingsIn = ({ platforms }: ImageScan): readonly Finding[] => [
  ...new Map(platforms.flatMap(({ findings }) => findings).map((finding) => [findingKey(finding), finding])).values(),
]

type Counts = { -readonly [K in keyof RuleCount]: RuleCount[K] }

/** Counts subjects by what each rule says of them. What a rule is not about is not counted. */
export function createRuleTally() {
  const counts = new Map<string, Counts>()
  return {
    add(verdicts: readonly Verdict[]): void {
      for (const verdict of verdicts) {
        const { rule, outcome } = verdict
        if (outcome === 'not-applicable') continue
        const count = counts.get(rule) ?? { rule, pass: 0, fail: 0, unknown: 0, excepted: 0 }
        count[outcome === 'pass' || isOpen(verdict) ? outcome : 'excepted'] += 1
        counts.set(rule, count)
      }
    },
    /** In the order of their names. */
    end: (): readonly RuleCount[] => [...counts.values()].toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
  }
}

export type RuleTally = ReturnType<typeof createRuleTally>
