import { type Excepted, type Exception, onRule, type Place } from './exception.ts'
import type { ImageDetail } from './facts/image-facts.ts'
import type { ActiveRule, Mode } from './policy.ts'
import type { Fact } from './rule/fact.ts'
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

function judgeOne({ rule, mode, parameters, severity, line }: ActiveRule, facts: AnyFacts, context: Context): Verdict {
  const judgement = rule.judge(facts, parameters, context)
  const counts = judgement.outcome === 'fail' || judgement.outcome === 'unknown'
  const { exceptions = [], now } = context
  const place = placeOf(context)
  const exception = counts && place ? onRule(exceptions, rule.id, place, now) : undefined
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
const placeOf = ({ ref }: Context): Place | undefined => ('repository' in ref ? ref : undefined)

/** An image with the tags that it has now: those that an event names may have moved. */
function asRead(ref: Context['ref'], facts: AnyFacts): Context['ref'] {
  const detail = facts.detail as Fact<ImageDetail> | undefined
  return detail && 'value' in detail && 'digest' in ref ? { ...ref, tags: detail.value.tags } : ref
}

/** Every rule on one subject, in the order of the rules. */
export function judgeAll(
  rules: readonly ActiveRule[],
  facts: AnyFacts,
  { ref, now }: Pick<Context, 'ref' | 'now'>,
  exceptions: readonly Exception[] = [],
): readonly Verdict[] {
  const context = { ref: asRead(ref, facts), now, exceptions }
  return rules.map((active) => judgeOne(active, facts, context))
}

/** Whether somebody has to do something about it. */
export const isOpen = ({ outcome, exception }: Verdict): boolean =>
  (outcome === 'fail' || outcome === 'unknown') && exception?.state !== 'excepted'
