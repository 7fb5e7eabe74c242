import { parsePolicy } from './parse-policy.ts'
import { policyText } from './policy-text.ts'
import type { Rule } from './rule.ts'

/** A tag names one image, so that the newest one with it is all that there is: it stays, and no later rule touches it. */
const keeping = (tag: string, priority: number): Rule => ({
  ...{ priority, description: `${tag} is in use`, tagStatus: 'tagged', prefixes: [], patterns: [tag] },
  ...{ storageClass: 'standard', count: { type: 'imageCountMoreThan', images: 1 }, action: 'expire' },
})

/**
 * The policy with a rule before all others for each of the tags, by which its image stays. Priorities stay where there is
 * room. Undefined where ECR would not take it: a policy has fifty rules at most.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function withKept(rules: readonly Rule[], tags: readonly string[]): readonly Rule[] | undefined {
  const kept = [...new Set(tags)].map((tag, index) => keeping(tag, index + 1))
  let last = kept.length
  const others = rules
    .toSorted((a, b) => a.priority - b.priority)
    .map((rule) => {
      last = Math.max(last + 1, rule.priority)
      return { ...rule, priority: last }
    })
  const all = [...kept, ...others]
  return parsePolicy(policyText(all)).faults ? undefined : all
}
