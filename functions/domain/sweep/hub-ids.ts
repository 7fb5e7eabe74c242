import { type AsffResource, findingId } from './asff.ts'

/** Of a rule that fails on a resource. */
export const ruleId = ({ Id }: Pick<AsffResource, 'Id'>, rule: string): string => findingId(Id, rule)

/** Of a vulnerability of an image. */
export const vulnerabilityId = ({ Id }: Pick<AsffResource, 'Id'>, id: string): string =>
  findingId(Id, `vulnerability/${id}`)

/** What tells of vulnerabilities, where no rule does. */
export const SCAN = 'ecr-steward/basic-scan'

export const RULE_TYPES = ['Software and Configuration Checks/AWS Security Best Practices']
export const VULNERABILITY_TYPES = ['Software and Configuration Checks/Vulnerabilities/CVE']
