import { mergeLifecycle } from './merge.ts'
import { parsePolicy } from './parse-policy.ts'
import { type LifecycleRule, parseLifecycle } from './policy.ts'
import { policyText } from './policy-text.ts'
import type { PolicyFault, Rule } from './rule.ts'

/** What a rule does, whatever its place and description. */
const essence = (rule: Rule): string => policyText([{ ...rule, priority: 1, description: undefined }])

const lifecycleOf = (text: string): readonly LifecycleRule[] => parseLifecycle(text) ?? []

/** A policy with rules added to it, or why ECR would refuse it. */
export type Added =
  | { readonly text: string; readonly rules: readonly Rule[]; readonly faults?: undefined }
  | { readonly text?: undefined; readonly rules?: undefined; readonly faults: readonly PolicyFault[] }

/**
 * A policy with the rules that it lacks, after its own; what it holds beside what is known here is kept.
 * @param existing text of a policy that `parsePolicy` takes
 */
export function addRules(existing: string, wanted: readonly Rule[]): Added {
  const known = new Set((parsePolicy(existing).rules ?? []).map(essence))
  const lacking = wanted.filter((rule) => !known.has(essence(rule)))
  const unplaced = lifecycleOf(policyText(lacking)).map(({ rulePriority: _, ...rule }) => rule)
  const text = JSON.stringify({ rules: mergeLifecycle(lifecycleOf(existing), unplaced) })
  const { rules, faults } = parsePolicy(text)
  return rules ? { text, rules } : { faults }
}

/** Whether two texts are the same policy, however they are written. */
export function isSamePolicy(one: string, other: string): boolean {
  const [{ rules: ours }, { rules: theirs }] = [parsePolicy(one), parsePolicy(other)]
  return ours && theirs ? policyText(ours) === policyText(theirs) : one === other
}
