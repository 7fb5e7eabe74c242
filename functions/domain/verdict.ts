import { type Excepted, type Exception, onRule, type Place } from './exception.ts'
import type { ActiveRule, Mode } from './policy.ts'
import type { Evidence, Fix, Outcome } from './rule/judgement.ts'
import type { AnyFacts, Context } from './rule/rule.ts'
import type { Severity } from './severity.ts'

/** What one rule says of one subject. */
export type Verdict = {
  readonly rule: string
  readonly outcome: Outcome
  /** Of the rule; what is not known has none: `UNDEFINED`. */
  readonly severity: Severity
  readonly mode: Exclude<Mode, 'off'>
  readonly reason: string
  readonly evidence: readonly Evidence[]
  readonly fix?: Fix
  /** Why a fail or an unknown does not count, or why it counts again. */
  readonly exception?: Excepted
  /** Of the rule in `steward.yaml`. */
  readonly line: number
}

function judgeOne(active: ActiveRule, facts: AnyFacts, context: Context, exceptions: readonly Exception[]): Verdict {
  const { rule, mode, parameters, severity, line } = active
  const judgement = rule.judge(facts, parameters, context)
  const counts = judgement.outcome === 'fail' || judgement.outcome === 'unknown'
  const exception = counts ? onRule(exceptions, rule.id, placeOf(context), context.now) : undefined
  return {
    rule: rule.id,
    mode,
    line,
    severity: judgement.outcome === 'unknown' ? 'UNDEFINED' : severity,
    evidence: [],
    ...judgement,
    ...(exception && { exception }),
  }
}

/** A registry has no repository, so no exception is about it. */
const placeOf = ({ ref }: Context): Place => ('repository' in ref ? ref : { repository: '' })

/** Every rule on one subject, in the order of the rules. */
export const judgeAll = (
  rules: readonly ActiveRule[],
  facts: AnyFacts,
  context: Context,
  exceptions: readonly Exception[] = [],
): readonly Verdict[] => rules.map((active) => judgeOne(active, facts, context, exceptions))

/** Whether somebody has to do something about it. */
export const isOpen = ({ outcome, exception }: Verdict): boolean =>
  (outcome === 'fail' || outcome === 'unknown') && exception?.state !== 'excepted'
