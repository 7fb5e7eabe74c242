import { invalidParameter } from '../complaints.ts'

type Json = Readonly<Record<string, unknown>>

/** What differs between the policy of a repository and that of the registry. */
export type PolicyKind = {
  readonly name: 'repository' | 'registry'
  /** A repository policy speaks of its own repository and may not name a resource; a registry policy must. */
  readonly resource: 'never' | 'always'
}

export const REPOSITORY_POLICY: PolicyKind = { name: 'repository', resource: 'never' }
export const REGISTRY_POLICY: PolicyKind = { name: 'registry', resource: 'always' }

/** In the order in which ECR gives them back. */
const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]
const ACCOUNT = /^\d{12}$/
const PRINCIPALS: Readonly<Record<string, RegExp>> = {
  AWS: /^(?:\*|\d{12}|A[A-Z0-9]{15,127}|arn:aws[a-z-]*:(?:iam::\d{12}:(?:root|(?:user|role)\/[\w+=,.@/-]+)|sts::\d{12}:(?:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+|federated-user\/[\w+=,.@-]+)))$/,
  Service: /^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$/,
  Federated: /^\S+$/,
  CanonicalUser: /^[0-9a-f]{64}$/,
}
const ACTION = /^(?:\*|ecr:[A-Za-z*?]+)$/i
const OPERATOR =
  /^(?:ForA(?:llValues|nyValue):)?(?:String(?:Not)?(?:Equals(?:IgnoreCase)?|Like)|(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like))(?:IfExists)?$|^Null$/

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const areTexts = (value: unknown, pattern: RegExp): boolean =>
  listOf(value).length > 0 && listOf(value).every((text) => typeof text === 'string' && pattern.test(text))

const isPrincipal = (value: unknown): boolean =>
  value === '*' ||
  (isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.entries(value).every(
      ([kind, names]) => Object.hasOwn(PRINCIPALS, kind) && areTexts(names, PRINCIPALS[kind] ?? /^$/),
    ))

const isCondition = (value: unknown): boolean =>
  isObject(value) && Object.entries(value).every(([operator, keys]) => OPERATOR.test(operator) && isObject(keys))

/** Exactly one of an element and its opposite, as it should be. */
const hasOne = (statement: Json, element: string, isFine: (value: unknown) => boolean): boolean => {
  const given = [element, `Not${element}`].filter((name) => name in statement)
  return given.length === 1 && isFine(statement[given[0] ?? ''])
}

function isStatement(value: unknown, { resource }: PolicyKind): boolean {
  if (!isObject(value) || !Object.keys(value).every((element) => ELEMENTS.includes(element))) return false
  const hasResource = 'Resource' in value || 'NotResource' in value
  return (
    (value.Sid === undefined || typeof value.Sid === 'string') &&
    (value.Effect === 'Allow' || value.Effect === 'Deny') &&
    hasOne(value, 'Principal', isPrincipal) &&
    hasOne(value, 'Action', (actions) => areTexts(actions, ACTION)) &&
    (resource === 'never' ? !hasResource : hasOne(value, 'Resource', (arns) => areTexts(arns, /^(?:\*|arn:.+)$/))) &&
    (value.Condition === undefined || isCondition(value.Condition))
  )
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isPolicy = (policy: Json | undefined, kind: PolicyKind): policy is Json =>
  policy !== undefined &&
  Object.keys(policy).every((name) => ['Version', 'Id', 'Statement'].includes(name)) &&
  [undefined, '2012-10-17', '2008-10-17'].includes(policy.Version as undefined) &&
  listOf(policy.Statement).length > 0 &&
  listOf(policy.Statement).every((statement) => isStatement(statement, kind))

/** An account that is named by its id is given back by the ARN of its root. */
const canonicalPrincipal = (value: unknown): unknown => {
  if (!isObject(value) || value.AWS === undefined) return value
  const arn = (name: unknown): unknown => (ACCOUNT.test(String(name)) ? `arn:aws:iam::${name}:root` : name)
  return { ...value, AWS: Array.isArray(value.AWS) ? value.AWS.map(arn) : arn(value.AWS) }
}

const canonicalStatement = (statement: Json): Json =>
  Object.fromEntries(
    ELEMENTS.filter((element) => element in statement).map((element) => [
      element,
      element.endsWith('Principal') ? canonicalPrincipal(statement[element]) : statement[element],
    ]),
  )

/** JSON as ECR lays it out: a space on both sides of the colon, lists on one line unless they hold objects. */
function print(value: unknown, indent = ''): string {
  const deeper = `${indent}  `
  if (Array.isArray(value))
    return value.length === 0 ? '[ ]' : `[ ${value.map((item) => print(item, indent)).join(', ')} ]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([name, item]) => `${deeper}${JSON.stringify(name)} : ${print(item, deeper)}`,
  )
  return members.length === 0 ? '{ }' : `{\n${members.join(',\n')}\n${indent}}`
}

/**
 * A policy as ECR keeps it: checked, its statements a list, its elements in one order, accounts by ARN, laid out anew. So
 * what is read back is not the text that was put. Whether a principal exists is not checked here.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 * @throws AwsError InvalidParameterException
 */
export function canonicalPolicy(text: string, kind: PolicyKind): string {
  const policy = parsed(text)
  if (!isPolicy(policy, kind)) throw invalidParameter('PolicyText', `Invalid ${kind.name} policy provided`)
  const { Version, Id, Statement } = policy
  const statements = listOf(Statement).map((statement) => canonicalStatement(statement as Json))
  return print({
    Version: Version ?? '2008-10-17',
    ...(Id !== undefined && { Id }),
    Statement: statements,
  })
}
