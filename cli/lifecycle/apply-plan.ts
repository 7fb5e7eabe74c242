import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { addRules, isSamePolicy } from '../../functions/domain/lifecycle/add-rules.ts'
import { type Impact, impactOf } from '../../functions/domain/lifecycle/impact.ts'
import { type Evidence, type Lint, lintPolicy } from '../../functions/domain/lifecycle/lint.ts'
import type { Rule } from '../../functions/domain/lifecycle/rule.ts'
import type { Holdings } from '../../functions/planning/ports.ts'
import { evidenceOf } from './repositories.ts'

/** What is to become of a repository. `refused`: it is left as it is, for the reason that is given. */
export type Step = 'put' | 'replace' | 'merge' | 'same' | 'refused'

/** What is meant to happen to one repository. */
export type Planned = {
  readonly ref: RepositoryRef
  readonly step: Step
  /** Text of its policy; undefined where it has none. */
  readonly before: string | undefined
  /** Text that it gets, or has. */
  readonly after: string
  readonly why?: string | undefined
  /** What `after` does to its images. */
  readonly impact: Impact
  readonly lints: readonly Lint[]
}

/** The policy of the file, and what it may do to others. */
export type Wanted = {
  readonly text: string
  readonly rules: readonly Rule[]
  readonly mayReplace: boolean
  readonly mayMerge: boolean
  readonly now: Date
}

type Outcome = Pick<Planned, 'step' | 'after' | 'why'> & { readonly rules: readonly Rule[] }

const OTHER = 'it has another policy: --merge adds to it, --replace puts this one in its place'

/** The first error of the whole that the file alone does not have: rules that are good by themselves may not go together. */
const newError = (rules: readonly Rule[], { rules: own }: Wanted, evidence: Evidence): Lint | undefined => {
  const known = new Set(lintPolicy(own, evidence).map(({ code }) => code))
  return lintPolicy(rules, evidence).find(({ level, code }) => level === 'error' && !known.has(code))
}

function merged(before: string, wanted: Wanted, evidence: Evidence): Outcome {
  const left = { step: 'refused' as const, after: wanted.text, rules: wanted.rules }
  const added = addRules(before, wanted.rules)
  if (added.faults) {
    const [{ problem = '' } = {}] = added.faults
    return { ...left, why: `ECR would refuse the two together: ${problem}` }
  }
  if (isSamePolicy(before, added.text)) return { step: 'same', after: before, rules: added.rules }
  const error = newError(added.rules, wanted, evidence)
  if (error) return { ...left, why: `the two together are wrong, rule ${error.rule}: ${error.problem}` }
  return { step: 'merge', after: added.text, rules: added.rules }
}

function outcomeOf(before: string | undefined, wanted: Wanted, evidence: Evidence): Outcome {
  const { text: after, rules, mayReplace, mayMerge } = wanted
  if (before === undefined) return { step: 'put', after, rules }
  if (isSamePolicy(before, after)) return { step: 'same', after, rules }
  if (mayMerge) return merged(before, wanted, evidence)
  return mayReplace ? { step: 'replace', after, rules } : { step: 'refused', after, rules, why: OTHER }
}

/** Reads a repository, and decides what is to become of it. @throws {Unreadable} @throws {Gone} */
export async function planFor(ref: RepositoryRef, holdings: Holdings, wanted: Wanted): Promise<Planned> {
  const [before, evidence] = await Promise.all([holdings.lifecyclePolicy(ref), evidenceOf(holdings, ref)])
  const { rules, ...outcome } = outcomeOf(before, wanted, evidence)
  return { ref, before, ...outcome, impact: impactOf(rules, evidence, wanted.now), lints: lintPolicy(rules, evidence) }
}

/** Whether something is to be written. */
export const isToWrite = ({ step }: Planned): boolean => step === 'put' || step === 'replace' || step === 'merge'
