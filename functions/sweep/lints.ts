import { lintPolicy } from '../domain/lifecycle/lint.ts'
import { parsePolicy } from '../domain/lifecycle/parse-policy.ts'
import type { PolicyFault } from '../domain/lifecycle/rule.ts'

/** `ECR would refuse it: rule 2, selection.countNumber: …`; a fault of the whole has neither. */
function refused({ rule, field, problem }: PolicyFault): string {
  const place = [rule === undefined ? [] : `rule ${rule}`, field ?? []].flat().join(', ')
  return `ECR would refuse it: ${place === '' ? '' : `${place}: `}${problem}`
}

/**
 * What is doubtful in a lifecycle policy, in words; notes are for whoever writes one. Without the images: those of a sweep
 * are not held. Text from outside.
 */
export function lintsOf(policyText: string | undefined): readonly string[] {
  if (policyText === undefined) return []
  const { rules, faults } = parsePolicy(policyText)
  if (!rules) return faults.map(refused)
  return lintPolicy(rules)
    .filter(({ level }) => level !== 'note')
    .map(({ rule, problem, instead }) => `Rule ${rule}: ${problem} ${instead}`)
}
