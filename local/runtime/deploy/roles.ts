import type { Authorize } from '../../aws/server.ts'
import { compileRole, PolicyError, type Role } from '../iam.ts'
import { isObject } from '../is-object.ts'
import { type Resource, type Template, TemplateError } from '../template.ts'
import { list, text } from './properties.ts'

const BASIC_EXECUTION = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
  ],
}

function managedPolicy(arn: unknown, where: string): object {
  if (String(arn).endsWith(':policy/service-role/AWSLambdaBasicExecutionRole')) return BASIC_EXECUTION
  throw new TemplateError(where, `the local run does not know the managed policy ${arn}`)
}

const inlinePolicies = (role: Resource): unknown[] =>
  list(role, 'Policies').map((policy) => (isObject(policy) ? policy.PolicyDocument : undefined))

const attachedPolicies = (role: Resource, policies: readonly Resource[]): unknown[] =>
  policies
    .filter((policy) => [...list(policy, 'Roles'), policy.properties.RoleName].includes(role.identity.name))
    .map((policy) => policy.properties.PolicyDocument)

function compile(role: Resource, policies: readonly Resource[]): Role {
  if (role.properties.PermissionsBoundary !== undefined)
    throw new TemplateError(role.where, 'the local run does not know permissions boundaries')
  const managed = list(role, 'ManagedPolicyArns').map((arn) => managedPolicy(arn, `${role.where}.ManagedPolicyArns`))
  try {
    return compileRole([...inlinePolicies(role), ...attachedPolicies(role, policies), ...managed])
  } catch (error) {
    if (error instanceof PolicyError) throw new TemplateError(role.where, error.message)
    throw error
  }
}

const POLICY_TYPES = ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy']

/** Finds a role of the template by its ARN. @throws {TemplateError} for what is not there, or cannot be judged here */
export function roleFinder(template: Template): (arn: string, where: string) => Role {
  const policies = POLICY_TYPES.flatMap((type) => template.resources(type))
  const roles = new Map(template.resources('AWS::IAM::Role').map((role) => [role.identity.attributes.Arn, role]))
  return (arn, where) => {
    const role = roles.get(arn)
    if (!role) throw new TemplateError(where, 'the role is not in the template')
    return compile(role, policies)
  }
}

/** The role of each function, by the function's logical id. @throws {TemplateError} for what cannot be judged here */
export function functionRoles(template: Template): ReadonlyMap<string, Role> {
  const roleOf = roleFinder(template)
  const functions = template.resources('AWS::Lambda::Function')
  return new Map(functions.map((lambda) => [lambda.logicalId, roleOf(text(lambda, 'Role'), `${lambda.where}.Role`)]))
}

/** Lets a function do what its role allows, and everybody else everything. */
export function authorizer(roles: ReadonlyMap<string, Role>, { account, region }: Template['place']): Authorize {
  const facts = new Map([
    ['aws:principalaccount', account],
    ['aws:requestedregion', region],
    ['aws:securetransport', 'true'],
  ])
  return ({ accessKeyId, action, resource }) =>
    roles.get(accessKeyId)?.decide({ action, resource }, facts) ?? { allowed: true }
}
