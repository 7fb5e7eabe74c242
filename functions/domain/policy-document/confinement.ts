import type { Condition } from './parse.ts'
import type { Party } from './party.ts'

const ACCOUNT = /^\d{12}$/
const ORGANISATION = /^o-[a-z0-9]{10,32}$/
const ORGANISATION_PATH = /^(o-[a-z0-9]{10,32})\//
const VPC = /^vpc-[0-9a-f]{8,17}$/
const ENDPOINT = /^vpce-[0-9a-f]{8,17}$/
const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/

/** Account in an ARN, where all before it is spelt out: in a text, a wildcard reaches over colons. */
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):/
/** Operators on ARNs compare part by part. */
const ARN_PATTERN = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/

type Read = (value: string, isArnOperator: boolean) => Party | undefined

const fitting =
  (pattern: RegExp, make: (text: string) => Party): Read =>
  (value, isArnOperator) => {
    const [all, part] = (isArnOperator ? undefined : pattern.exec(value)) ?? []
    return all === undefined ? undefined : make(part ?? all)
  }

const arn =
  (make: (account: string) => Party): Read =>
  (value, isArnOperator) => {
    const account = (isArnOperator ? ARN_PATTERN : ARN).exec(value)?.[1]
    return account === undefined ? undefined : make(account)
  }

const account = (text: string): Party => ({ kind: 'account', account: text })
const source = (text: string): Party => ({ kind: 'account', account: text, isSource: true })
const organisation = (id: string): Party => ({ kind: 'organisation', id })
const network = (id: string): Party => ({ kind: 'network', id })

/**
 * Keys that say who calls, or for whom, or from where, by their name in lower case.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const KEYS: Readonly<Record<string, Read>> = {
  'aws:principalaccount': fitting(ACCOUNT, account),
  'aws:principalarn': arn(account),
  'aws:principalorgid': fitting(ORGANISATION, organisation),
  'aws:principalorgpaths': fitting(ORGANISATION_PATH, organisation),
  'aws:principalservicename': fitting(SERVICE, (name) => ({ kind: 'service', name })),
  'aws:sourceaccount': fitting(ACCOUNT, source),
  'aws:sourcearn': arn(source),
  'aws:sourceorgid': fitting(ORGANISATION, organisation),
  'aws:sourceorgpaths': fitting(ORGANISATION_PATH, organisation),
  'aws:sourcevpc': fitting(VPC, network),
  'aws:sourcevpce': fitting(ENDPOINT, network),
}

/** Keys of several values: without `ForAnyValue:` it is not said what holds. */
const IS_MANY = new Set(['aws:principalorgpaths', 'aws:sourceorgpaths'])

/** Operators that hold only where the key is there and has one of the values. */
const STRING_OPERATORS = new Set(['StringEquals', 'StringEqualsIgnoreCase', 'StringLike'])
const ARN_OPERATORS = new Set(['ArnEquals', 'ArnLike'])

/**
 * The parties of which each who meets the condition is one; undefined where it confines to nobody in particular. Operators that
 * hold without the key (`…IfExists`, `ForAllValues:`, negated ones) and keys that are not known confine nobody.
 */
export function confinement({ operator, key, values }: Condition): readonly Party[] | undefined {
  if (operator === 'Bool' && key === 'aws:principalisawsservice')
    return values.every((value) => value.toLowerCase() === 'true')
      ? [{ kind: 'service', name: 'any AWS service' }]
      : undefined
  const plain = operator.replace(/^ForAnyValue:/, '')
  const isArnOperator = ARN_OPERATORS.has(plain)
  if (!isArnOperator && !STRING_OPERATORS.has(plain)) return undefined
  const read = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined
  if (!read || (IS_MANY.has(key) && plain === operator)) return undefined
  const parties = values.map((value) => read(value, isArnOperator))
  return parties.every((party) => party !== undefined) ? parties : undefined
}

/** Negated operators hold where the key is missing, also without `IfExists`. */
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
}

/**
 * The parties that a negated condition leaves out; undefined where it is none, or leaves out nobody in particular.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function exemption(condition: Condition): readonly Party[] | undefined {
  const name = condition.operator.replace(/IfExists$/, '')
  const operator = Object.hasOwn(NEGATED, name) ? NEGATED[name] : undefined
  return operator === undefined ? undefined : confinement({ ...condition, operator })
}
