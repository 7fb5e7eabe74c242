import { isRecord } from '../record.ts'
import { type Party, partiesOf } from './party.ts'

/** One operator on one key. Several values are alternatives. */
export type Condition = {
  /** As written: `ForAnyValue:StringLike`, `StringEqualsIfExists`. */
  readonly operator: string
  /** In lower case: case does not count. */
  readonly key: string
  readonly values: readonly string[]
}

/** Patterns, or what is none of them. */
export type Patterns = { readonly negated: boolean; readonly patterns: readonly string[] }

export type Statement = {
  /** Its Sid, or `2` for the second. From outside. */
  readonly name: string
  /** From 0. */
  readonly index: number
  readonly effect: 'Allow' | 'Deny'
  /** Of `NotPrincipal`, those who are left out. */
  readonly parties: readonly Party[]
  readonly isNotPrincipal: boolean
  readonly actions: Patterns
  /** Undefined where there is no such element: what the policy is attached to. */
  readonly resources: Patterns | undefined
  /** All of them have to hold. */
  readonly conditions: readonly Condition[]
}

/** A resource policy as it was understood. Where there are faults, more may be allowed or denied than the statements say. */
export type PolicyDocument = { readonly statements: readonly Statement[]; readonly faults: readonly string[] }

/** Whether it names no resource in particular. */
export const isForAllResources = ({ resources }: Statement): boolean =>
  resources === undefined || (!resources.negated && resources.patterns.includes('*'))

type Json = Readonly<Record<string, unknown>>

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const isText = (value: unknown): boolean => ['string', 'boolean', 'number'].includes(typeof value)

const areTexts = (value: unknown): boolean => listOf(value).length > 0 && listOf(value).every(isText)

const textsOf = (value: unknown): readonly string[] => listOf(value).map(String)

/** How many of an element and its negation are there. */
const given = (statement: Json, element: string): readonly unknown[] =>
  [statement[element], statement[`Not${element}`]].filter((value) => value !== undefined)

const areConditions = (element: unknown): boolean =>
  isRecord(element) && Object.values(element).every((keys) => isRecord(keys) && Object.values(keys).every(areTexts))

/** What a statement has to be, and what is said where it is not. */
const DEMANDS: readonly (readonly [(statement: Json) => boolean, string])[] = [
  [({ Effect }) => Effect === 'Allow' || Effect === 'Deny', 'has no Effect that is known'],
  [(statement) => given(statement, 'Principal').length === 1, 'needs either Principal or NotPrincipal'],
  [(statement) => given(statement, 'Principal').every((one) => partiesOf(one).length > 0), 'names no principal'],
  [(statement) => given(statement, 'Action').length === 1, 'needs either Action or NotAction'],
  [(statement) => given(statement, 'Action').every(areTexts), 'names no action'],
  [(statement) => given(statement, 'Resource').length <= 1, 'has both Resource and NotResource'],
  [(statement) => given(statement, 'Resource').every(areTexts), 'names no resource'],
  [({ Condition = {} }) => areConditions(Condition), 'has a Condition that is none'],
]

const faultOf = (statement: unknown): string | undefined =>
  isRecord(statement) ? DEMANDS.find(([isMet]) => !isMet(statement))?.[1] : 'is no mapping'

const patternsOf = (statement: Json, element: string): Patterns => ({
  negated: statement[element] === undefined,
  patterns: given(statement, element).flatMap(textsOf),
})

const conditionsOf = (element: Readonly<Record<string, Json>>): readonly Condition[] =>
  Object.entries(element).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: textsOf(values) })),
  )

/** Of one without a fault. */
function statementOf(statement: Json, index: number): Statement {
  const { Sid, Effect, Principal, Condition = {} } = statement
  return {
    name: typeof Sid === 'string' && Sid !== '' ? Sid : String(index + 1),
    index,
    effect: Effect === 'Allow' ? 'Allow' : 'Deny',
    parties: given(statement, 'Principal').flatMap(partiesOf),
    isNotPrincipal: Principal === undefined,
    actions: patternsOf(statement, 'Action'),
    resources: given(statement, 'Resource').length > 0 ? patternsOf(statement, 'Resource') : undefined,
    conditions: conditionsOf(Condition as Readonly<Record<string, Json>>),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Reads a repository or registry policy. What is malformed is named, and no statement is made of it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(text: string): PolicyDocument {
  const policy = parsed(text)
  if (!isRecord(policy)) return { statements: [], faults: ['it is not JSON of a policy'] }
  if (policy.Statement === undefined) return { statements: [], faults: ['it has no Statement'] }
  const checked = listOf(policy.Statement).map((statement, index) => ({ statement, index, fault: faultOf(statement) }))
  return {
    statements: checked
      .filter(({ fault }) => fault === undefined)
      .map(({ statement, index }) => statementOf(statement as Json, index)),
    faults: checked.flatMap(({ index, fault }) => (fault === undefined ? [] : [`statement ${index + 1} ${fault}`])),
  }
}
