import { lintPolicy } from './lint.ts'
import { parsePolicy } from './parse-policy.ts'
import { policyText } from './policy-text.ts'
import type { Evidence, Mend } from './policy-view.ts'
import type { Rule } from './rule.ts'

/** A rule of the mended policy, with the priority of the one that it comes from. */
type Placed = { readonly from: number; readonly rule: Omit<Rule, 'priority'> }

/** Priorities stay where there is room. */
function numbered(placed: readonly Placed[]): readonly Rule[] {
  let last = 0
  return placed.map(({ from, rule }) => {
    last = Math.max(last + 1, from)
    return { ...rule, priority: last }
  })
}

function mended(placed: readonly Placed[], from: number, mend: Mend): readonly Placed[] {
  if (mend.kind === 'replace')
    return placed.flatMap((one) => (one.from === from ? mend.by.map((rule) => ({ from, rule })) : [one]))
  const moved = placed.filter((one) => one.from === from).map((one) => ({ ...one, from: mend.priority }))
  return placed.flatMap((one) => {
    if (one.from === from) return []
    return one.from === mend.priority ? [...moved.splice(0), one] : [one]
  })
}

const isValid = (placed: readonly Placed[]): boolean =>
  placed.length > 0 && parsePolicy(policyText(numbered(placed))).rules !== undefined

/** The policy with the first mend of its lints that leaves one which ECR takes; undefined where there is none. */
function mendedOnce(rules: readonly Rule[], evidence: Evidence | undefined): readonly Rule[] | undefined {
  const placed: readonly Placed[] = rules.map(({ priority: from, ...rule }) => ({ from, rule }))
  for (const { rule, mend } of lintPolicy(rules, evidence)) {
    const next = mend && mended(placed, rule, mend)
    if (next && isValid(next)) return numbered(next)
  }
  return undefined
}

/** Each mend leaves less to mend; far more than a policy of 50 rules has. */
const MOST = 200

/**
 * The policy without what its lints say, one after the other, as far as it is certain how. Undefined where there is nothing
 * to mend so. Somebody has to read it: it may expire other images than before.
 */
export function mendPolicy(rules: readonly Rule[], evidence?: Evidence): readonly Rule[] | undefined {
  let last: readonly Rule[] | undefined
  let next = mendedOnce(
    rules.toSorted((a, b) => a.priority - b.priority),
    evidence,
  )
  for (let mends = 1; next && mends < MOST; mends += 1) {
    last = next
    next = mendedOnce(next, evidence)
  }
  return last
}
