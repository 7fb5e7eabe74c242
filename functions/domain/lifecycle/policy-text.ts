import type { Rule } from './rule.ts'

const selectionOf = ({ tagStatus, prefixes, patterns, storageClass, count }: Rule) => ({
  tagStatus,
  ...(patterns.length > 0 && { tagPatternList: patterns }),
  ...(prefixes.length > 0 && { tagPrefixList: prefixes }),
  ...(storageClass === 'archive' && { storageClass }),
  countType: count.type,
  ...(count.type === 'imageCountMoreThan'
    ? { countNumber: count.images }
    : { countUnit: 'days', countNumber: count.days }),
})

const actionOf = ({ action }: Rule) =>
  action === 'expire' ? { type: 'expire' } : { type: 'transition', targetStorageClass: 'archive' }

/**
 * Text of a policy, as `PutLifecyclePolicy` takes it; two policies that mean the same have the same one. Defaults are left out.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function policyText(rules: readonly Rule[], indent?: number): string {
  const written = rules
    .toSorted((a, b) => a.priority - b.priority)
    .map((rule) => ({
      rulePriority: rule.priority,
      ...(rule.description !== undefined && { description: rule.description }),
      selection: selectionOf(rule),
      action: actionOf(rule),
    }))
  return JSON.stringify({ rules: written }, null, indent)
}
