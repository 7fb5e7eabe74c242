import type { Facts } from '../iam/conditions.ts'
import { compileRole, PolicyError, type Role } from '../iam.ts'
import { isObject } from '../is-object.ts'
import { type Resource, type Template, TemplateError } from '../template.ts'
import { list } from './properties.ts'

const EVENTS = 'events.amazonaws.com'

const speaksOf = (principal: unknown, service: string): boolean => {
  if (principal === '*') return true
  if (!isObject(principal)) return false
  const isAmong = (value: unknown, name: string): boolean => (Array.isArray(value) ? value : [value]).includes(name)
  return isAmong(principal.AWS, '*') || isAmong(principal.Service, service)
}

/** What a policy says of a service, as the policy of a role would. */
function ofService(policy: Resource, service: string): Role {
  const { PolicyDocument: document } = policy.properties
  const statements = isObject(document) ? [document.Statement].flat() : []
  const own = statements.filter(isObject).filter(({ Principal }) => speaksOf(Principal, service))
  try {
    const Statement = own.map(({ Principal: _, ...statement }) => statement)
    return compileRole([{ Version: '2012-10-17', Statement }])
  } catch (error) {
    if (error instanceof PolicyError) throw new TemplateError(`${policy.where}.PolicyDocument`, error.message)
    throw error
  }
}

/** Whether EventBridge may publish to a topic for a rule. */
export type MayPublish = (topicArn: string, ruleArn: string) => boolean

/** A topic without a policy of the template has that of SNS, which lets its own account publish, and no service. */
export function eventsMayPublish(template: Template): MayPublish {
  const policies = template
    .resources('AWS::SNS::TopicPolicy')
    .map((policy) => ({ topics: list(policy, 'Topics'), role: ofService(policy, EVENTS) }))
  return (topicArn, ruleArn) => {
    const facts: Facts = new Map([
      ['aws:sourcearn', ruleArn],
      ['aws:sourceaccount', template.place.account],
      ['aws:securetransport', 'true'],
      ['aws:principalservicename', EVENTS],
      ['aws:principalisawsservice', 'true'],
    ])
    const policy = policies.find(({ topics }) => topics.includes(topicArn))
    return policy?.role.decide({ action: 'sns:Publish', resource: topicArn }, facts).allowed ?? false
  }
}
