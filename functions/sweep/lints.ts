import { lintPolicy } from '../domain/lifecycle/lint.ts'
import { parsePolicy } from '../domain/lifecycle/parse-policy.ts'

/**
 * What is doubtful in a lifecycle policy, in words; notes are for whoever writes one. Without the images: those of a sweep
 * are not held. Text from outside.
 */
export function lintsOf(policyText: string | undefined): readonly string[] {
  if (policyText === undefined) return []
  const { rules, faults } = parsePolicy(policyText)
  if (!rules) return faults.map(({ field, problem }) => `ECR would refuse it: ${field}: ${problem}`)
  return lintPolicy(rules)
    .filter(({ level }) => level !== 'note')
    .map(({ rule, problem, instead }) => `Rule ${rule}: ${problem} ${instead}`)
}
