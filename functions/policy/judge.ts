import type { Exception } from '../domain/exception.ts'
import { type ActiveRule, needsOf } from '../domain/policy.ts'
import type { AnyFacts, Context } from '../domain/rule/rule.ts'
import { judgeAll, type Verdict } from '../domain/verdict.ts'
import { gather } from './gather.ts'
import type { Reader } from './reader.ts'

/** What a subject was found to be, and what every rule in force says of it. */
export type Judged = { readonly facts: AnyFacts; readonly verdicts: readonly Verdict[] }

export type Judging<V, R> = {
  readonly reader: Reader<V, R>
  readonly rules: readonly ActiveRule[]
  readonly exceptions: readonly Exception[]
  readonly now: Date
  /** Whether a read that fails for now may be asked again later; otherwise the verdict is `unknown`. */
  readonly isPatient: boolean
  /** What is read although no rule in force needs it. */
  readonly also?: readonly (string & keyof V)[]
}

/**
 * Reads what the rules need of a repository, an image or a registry, in one round trip, and judges it: in Lambda, on the
 * command line and in a sweep alike.
 * @throws {Later} where a read may succeed later, and the caller is patient
 * @throws {Gone} where the subject is not there
 */
export async function judge<V, R extends Context['ref']>(ref: R, judging: Judging<V, R>): Promise<Judged> {
  const { reader, rules, exceptions, now, isPatient, also = [] } = judging
  const facts = await gather(reader, ref, new Set([...needsOf(rules), ...also]), isPatient)
  return { facts, verdicts: judgeAll(rules, facts, { ref, now }, exceptions) }
}
