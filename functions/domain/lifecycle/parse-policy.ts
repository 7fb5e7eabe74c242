import { isRecord } from '../record.ts'
import { faultsAmong } from './faults-among.ts'
import { parseRule } from './parse-rule.ts'
import type { ParsedPolicy, PolicyFault } from './rule.ts'
import { shown, type Written, wrong } from './written.ts'

/** Characters of a text that the API takes. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html */
const LENGTH = { least: 100, most: 30_720 } as const

/** Rules of a policy. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST_RULES = 50

const TEMPLATE = '{"rules": [{"rulePriority": 1, "selection": {…}, "action": {"type": "expire"}}]}'

const ofPolicy = (field: string | undefined, problem: string, instead: string): PolicyFault => ({
  rule: undefined,
  field,
  problem,
  instead,
})

function lengthFaults(text: string): PolicyFault[] {
  const { length } = text
  if (length >= LENGTH.least && length <= LENGTH.most) return []
  const range = `${LENGTH.least} to ${LENGTH.most.toLocaleString('en')} characters`
  return [ofPolicy(undefined, `the text has ${length.toLocaleString('en')} characters`, `write ${range}`)]
}

/** What JSON holds; the fault where it is none. */
function read(text: string): { readonly value: unknown } | { readonly fault: PolicyFault } {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    const [problem] = (error as SyntaxError).message.split('\n')
    return { fault: ofPolicy(undefined, `the text is no JSON: ${problem}`, `write ${TEMPLATE}`) }
  }
}

function outerFaults(policy: Written): PolicyFault[] {
  const unknown = Object.keys(policy).filter((name) => name !== 'rules')
  return unknown.map((name) => ofPolicy(name, 'there is no such field', 'a policy has the field rules alone'))
}

function numberFaults(rules: readonly unknown[]): PolicyFault[] {
  if (rules.length === 0) return [ofPolicy('rules', 'there are none', 'write at least one rule')]
  if (rules.length <= MOST_RULES) return []
  return [ofPolicy('rules', `there are ${rules.length}`, `write at most ${MOST_RULES}`)]
}

/**
 * The rules of a lifecycle policy in the order of their priority, or every fault for which ECR would refuse it. What AWS
 * does not document is taken: a policy that is in force must be readable.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function parsePolicy(text: string): ParsedPolicy {
  const outside = lengthFaults(text)
  const found = read(text)
  if ('fault' in found) return { faults: [...outside, found.fault] }
  const policy = found.value
  if (!isRecord(policy) || !Array.isArray(policy.rules)) {
    const problem = isRecord(policy) ? wrong(policy.rules, 'is no list') : `${shown(policy)} is no object`
    return { faults: [...outside, ofPolicy('rules', problem, `write ${TEMPLATE}`)] }
  }
  const parsed = policy.rules.map((rule, index) => parseRule(rule, index + 1))
  const faults = [
    ...outside,
    ...outerFaults(policy),
    ...numberFaults(policy.rules),
    ...parsed.flatMap((one) => one.faults),
    ...faultsAmong(policy.rules),
  ]
  if (faults.length > 0) return { faults }
  const rules = parsed.flatMap((one) => one.rules)
  return { rules: rules.toSorted((a, b) => a.priority - b.priority) }
}
