import { parsePolicy } from '../../functions/domain/lifecycle/parse-policy.ts'
import type { PolicyFault, Rule } from '../../functions/domain/lifecycle/rule.ts'
import { CommandError } from '../command-error.ts'

const faultText = ({ rule, field, problem, instead }: PolicyFault): string =>
  `${[rule === undefined ? 'policy' : `rule ${rule}`, field].filter(Boolean).join(', ')}: ${problem}; ${instead}`

/**
 * The rules of a policy.
 * @param name of its file, or whose it is, for messages
 * @throws {CommandError} with all that ECR would refuse about it
 */
export function rulesOf(name: string, text: string): readonly Rule[] {
  const { rules, faults } = parsePolicy(text)
  if (rules) return rules
  throw new CommandError('usage', `ECR would refuse the policy of ${name}.`, ...faults.map(faultText))
}
