import { type Condition, compileConditions, type Facts, PolicyError, substitute, type Truth } from './iam/conditions.ts'
import { arnMatches, globMatches } from './iam/glob.ts'
import { isObject } from './is-object.ts'

export { PolicyError } from './iam/conditions.ts'

export type Request = { readonly action: string; readonly resource: string }
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string }

/** What a role may do, from its identity-based policies. */
export type Role = { decide(request: Request, facts?: Facts): Decision }

type Statement = {
  readonly effect: 'Allow' | 'Deny'
  readonly action: (action: string) => boolean
  readonly resource: (resource: string, facts: Facts) => Truth
  readonly condition: Condition
}

const ELEMENTS = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'])
const VERSION = '2012-10-17'

function textList(value: unknown, element: string): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = values.filter((item) => typeof item === 'string')
  if (texts.length === 0 || texts.length < values.length)
    throw new PolicyError(`${element} is not text or a list of texts`)
  return texts
}

/** Exactly one of the element and its opposite. */
function eitherOf(statement: Record<string, unknown>, element: string): { texts: string[]; negated: boolean } {
  const opposite = `Not${element}`
  if (element in statement === opposite in statement)
    throw new PolicyError(`a statement needs either ${element} or ${opposite}`)
  const negated = opposite in statement
  return { texts: textList(statement[negated ? opposite : element], negated ? opposite : element), negated }
}

function compileActions(statement: Record<string, unknown>): Statement['action'] {
  const { texts, negated } = eitherOf(statement, 'Action')
  const patterns = texts.map((text) => text.toLowerCase())
  return (action) => patterns.some((pattern) => globMatches(pattern, action.toLowerCase())) !== negated
}

function compileResources(statement: Record<string, unknown>): Statement['resource'] {
  const { texts, negated } = eitherOf(statement, 'Resource')
  return (resource, facts) => {
    const patterns = texts.map((text) => substitute(text, facts))
    if (patterns.some((pattern) => pattern !== undefined && arnMatches(pattern, resource))) return !negated
    return patterns.includes(undefined) ? undefined : negated
  }
}

function compileStatement(statement: unknown): Statement {
  if (!isObject(statement)) throw new PolicyError('a statement is not an object')
  const unknown = Object.keys(statement).find((element) => !ELEMENTS.has(element))
  if (unknown !== undefined) throw new PolicyError(`the statement element ${unknown} is not known here`)
  const { Effect: effect } = statement
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyError('Effect is neither Allow nor Deny')
  return {
    effect,
    action: compileActions(statement),
    resource: compileResources(statement),
    condition: compileConditions(statement.Condition),
  }
}

function statementsOf(policy: unknown): Statement[] {
  if (!isObject(policy)) throw new PolicyError('a policy is not an object')
  if (policy.Version !== VERSION) throw new PolicyError(`a policy needs the Version ${VERSION}`)
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]
  return statements.map(compileStatement)
}

function applies(statement: Statement, { action, resource }: Request, facts: Facts): Truth {
  if (!statement.action(action)) return false
  const truths = [statement.resource(resource, facts), statement.condition(facts)]
  if (truths.includes(false)) return false
  return truths.includes(undefined) ? undefined : true
}

const NO_FACTS: Facts = new Map()

/**
 * Compiles the identity-based policies of a role. It fails closed: what depends on a fact that is not known here does
 * not allow, and it does deny.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @throws {PolicyError} for an element or operator that is not known here
 */
export function compileRole(policies: readonly unknown[]): Role {
  const statements = policies.flatMap(statementsOf)
  const denials = statements.filter(({ effect }) => effect === 'Deny')
  const grants = statements.filter(({ effect }) => effect === 'Allow')
  return {
    decide(request, facts = NO_FACTS) {
      if (denials.some((statement) => applies(statement, request, facts) !== false))
        return { allowed: false, reason: `an identity-based policy denies the ${request.action} action` }
      if (grants.some((statement) => applies(statement, request, facts) === true)) return { allowed: true }
      return { allowed: false, reason: `no identity-based policy allows the ${request.action} action` }
    },
  }
}
