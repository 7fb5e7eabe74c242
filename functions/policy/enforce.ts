import { done, type Enforcements, failed, type Pending, type RuleEnforcement, stepFor } from '../domain/enforcement.ts'
import type { RemedyOutcome } from '../domain/enforcement-alert.ts'
import type { RepositoryRef, RepositoryValues } from '../domain/facts/repository-facts.ts'
import type { ActiveRule } from '../domain/policy.ts'
import type { Remedy } from '../domain/rule/remedy.ts'
import { isOpen, type Verdict } from '../domain/verdict.ts'
import type { Judged, Judging } from './judge.ts'
import { type Hands, journalKeyOf, type Place, type PutRight, putRight } from './put-right.ts'

export type Enforcing = {
  readonly ref: RepositoryRef
  readonly judging: Judging<RepositoryValues, RepositoryRef>
  readonly hands: Hands
  /** Ids of the events that led to it. */
  readonly events: readonly string[]
  /** Remembers what is about to be done; throws where it cannot: nothing is done then. */
  readonly keep: (enforcement: Enforcements) => Promise<void>
}

/** What came of the remedies: verdicts as they are now, what is to be told, and what is to be remembered. */
export type Enforced = {
  readonly verdicts: readonly Verdict[]
  readonly outcomes: readonly RemedyOutcome[]
  readonly enforcement: Enforcements
}

/** What came of one rule. */
type One = {
  readonly verdict: Verdict
  readonly outcome?: RemedyOutcome
  readonly next: RuleEnforcement | undefined
  /** In place of `next` until the outcome is told: so that a crash by then leaves it to the next look. */
  readonly untold?: RuleEnforcement
}

const WHY_STOPPED = 'it was changed back twice within an hour'

/** A remedy that a crash cut off after its write is told as one that was not. */
async function recovered(place: Place, verdict: Verdict, before: RuleEnforcement, hands: Hands): Promise<One> {
  const { pending, ...rest } = before
  if (!pending || verdict.outcome !== 'pass') return { verdict, next: before }
  await hands.journal.close(journalKeyOf(place, pending.at), 'done, and found so later')
  const outcome: RemedyOutcome = { verdict: pending.verdict, remedy: pending.remedy, state: 'done' }
  return { verdict, outcome, next: done(rest, place.judging.now), untold: before }
}

/** What to tell and remember. A failure that was told before, for the same reason, is not told again. */
function settled(put: PutRight, { verdict, remedy }: Pending, next: RuleEnforcement, now: Date): One {
  const { pending: _, ...rest } = next
  if (put.state === 'needless') return { verdict: put.verdict, next: rest }
  if (put.state === 'done')
    return { verdict: put.verdict, outcome: { verdict, remedy, state: 'done' }, next: done(rest, now) }
  const { why } = put
  const isKnown = rest.failed === why
  return {
    verdict: put.verdict,
    next: failed(why, now),
    ...(!isKnown && { outcome: { verdict, remedy, state: 'failed', why } }),
  }
}

function remedyOf({ rule, ref, judging }: Place, { facts }: Judged, verdict: Verdict): Remedy | undefined {
  if (rule.mode !== 'enforce' || verdict.outcome !== 'fail' || !isOpen(verdict)) return undefined
  return rule.rule.remedy(facts, rule.parameters, { ref, now: judging.now })
}

async function enforceOne(
  rule: ActiveRule,
  verdict: Verdict,
  judged: Judged,
  before: Enforcements,
  { ref, judging, hands, events, keep }: Enforcing,
): Promise<One> {
  const place = { ref, rule, judging }
  const { now } = judging
  const remedy = remedyOf(place, judged, verdict)
  const known = before[verdict.rule]
  if (!remedy) return known ? recovered(place, verdict, known, hands) : { verdict, next: undefined }
  const plan = stepFor(known, now)
  if (plan.step === 'rest') return { verdict, next: known }
  if (plan.step === 'stop') {
    const outcome = { verdict, remedy, state: 'stopped', why: WHY_STOPPED } as const
    return { verdict, outcome, next: plan.next, untold: known ?? {} }
  }
  if (known?.pending) await hands.journal.close(journalKeyOf(place, known.pending.at), 'not done, and begun again')
  const pending = { at: now.toISOString(), verdict, remedy }
  const next = { ...plan.next, pending }
  const keepIt = () => keep({ ...before, [verdict.rule]: next })
  const put = await putRight(place, { ...pending, events, keep: keepIt }, hands)
  return { ...settled(put, pending, next, now), untold: next }
}

/**
 * Puts right what fails, is in mode `enforce`, has a remedy and is not excepted, one rule after the other. Never fights:
 * what is changed back twice within an hour is left alone for a day.
 * @throws {Later} while a write may succeed later, and the caller is patient
 */
export async function enforce(judged: Judged, before: Enforcements, enforcing: Enforcing): Promise<Enforced> {
  const verdicts: Verdict[] = []
  const outcomes: RemedyOutcome[] = []
  let enforcement = before
  let untold: Enforcements = {}
  for (const verdict of judged.verdicts) {
    const rule = enforcing.judging.rules.find((active) => active.rule.id === verdict.rule)
    if (!rule) throw new Error(`a verdict of ${verdict.rule}, which is not in force`)
    const came = await enforceOne(rule, verdict, judged, { ...enforcement, ...untold }, enforcing)
    verdicts.push(came.verdict)
    if (came.outcome) outcomes.push(came.outcome)
    if (came.next) enforcement = { ...enforcement, [verdict.rule]: came.next }
    if (came.untold) untold = { ...untold, [verdict.rule]: came.untold }
  }
  return { verdicts, outcomes, enforcement }
}
