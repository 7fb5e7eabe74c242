import { invalidParameter } from '../../complaints.ts'
import type { AwsError } from '../../error.ts'
import { checkTogether } from './together.ts'

type Text = 'tagged' | 'untagged' | 'any'
export type CountType = 'imageCountMoreThan' | 'sinceImagePushed' | 'sinceImagePulled' | 'sinceImageTransitioned'

/** A rule as it stands in the text of a policy. */
export type PolicyRule = {
  rulePriority: number
  description?: string
  selection: {
    tagStatus: Text
    tagPrefixList?: string[]
    tagPatternList?: string[]
    storageClass?: 'standard' | 'archive'
    countType: CountType
    countUnit?: 'days'
    countNumber: number
  }
  action: { type: 'expire' } | { type: 'transition'; targetStorageClass: 'archive' }
}

type Json = Record<string, unknown>

/** As ECR says it. */
export const refused = (why: string): AwsError =>
  invalidParameter('LifecyclePolicyText', `Lifecycle policy validation failure: ${why}`)

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

const checkType = (value: unknown, wanted: string): void => {
  if (typeOf(value) !== wanted)
    throw refused(`instance type (${typeOf(value)}) does not match any allowed primitive type (allowed: ["${wanted}"])`)
}

function checkFields(value: unknown, required: readonly string[], optional: readonly string[] = []): Json {
  checkType(value, 'object')
  const json = value as Json
  const missing = required.filter((name) => !Object.hasOwn(json, name))
  if (missing.length > 0) throw refused(`object has missing required properties (${JSON.stringify(missing)})`)
  const others = Object.keys(json).filter((name) => !required.includes(name) && !optional.includes(name))
  if (others.length > 0)
    throw refused(`object instance has properties which are not allowed by the schema: ${JSON.stringify(others)}`)
  return json
}

function checkOneOf(value: unknown, values: readonly string[]): void {
  if (value !== undefined && !values.includes(value as string))
    throw refused(
      `instance value (${JSON.stringify(value)}) not found in enum (possible values: ${JSON.stringify(values)})`,
    )
}

function checkNumber(value: unknown): void {
  checkType(value, 'integer')
  if (Number(value) < 1)
    throw refused(`numeric instance is lower than the required minimum (minimum: 1, found: ${Number(value)})`)
}

function checkTags(list: unknown): void {
  if (list === undefined) return
  checkType(list, 'array')
  for (const item of list as unknown[]) {
    checkType(item, 'string')
    if (item === '') throw refused('string "" is too short (length: 0, required minimum: 1)')
  }
}

const SELECTION = ['tagStatus', 'countType', 'countNumber']
const COUNT_TYPES = ['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned']

function checkSelection(value: unknown): void {
  const selection = checkFields(value, SELECTION, ['tagPrefixList', 'tagPatternList', 'storageClass', 'countUnit'])
  checkOneOf(selection.tagStatus, ['tagged', 'untagged', 'any'])
  checkOneOf(selection.storageClass, ['standard', 'archive'])
  checkOneOf(selection.countType, COUNT_TYPES)
  checkOneOf(selection.countUnit, ['days'])
  checkNumber(selection.countNumber)
  checkTags(selection.tagPrefixList)
  checkTags(selection.tagPatternList)
}

function checkAction(value: unknown): void {
  const action = checkFields(value, ['type'], ['targetStorageClass'])
  checkOneOf(action.type, ['expire', 'transition'])
  checkOneOf(action.targetStorageClass, ['archive'])
  if ((action.type === 'transition') !== (action.targetStorageClass !== undefined))
    throw refused('instance failed to match exactly one schema (matched 0 out of 2)')
}

function checkRule(value: unknown): void {
  const rule = checkFields(value, ['rulePriority', 'selection', 'action'], ['description'])
  checkNumber(rule.rulePriority)
  if (rule.description !== undefined) checkType(rule.description, 'string')
  checkSelection(rule.selection)
  checkAction(rule.action)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refused('Could not map policyString into LifecyclePolicy.')
  }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST_RULES = 50

/**
 * The rules of a lifecycle policy, lowest priority first, checked as ECR checks them.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 * @throws AwsError InvalidParameterException
 */
export function readPolicy(text: string): readonly PolicyRule[] {
  const { rules } = checkFields(parsed(text), ['rules'])
  checkType(rules, 'array')
  const list = rules as unknown[]
  if (list.length === 0) throw refused('array is too short: must have at least 1 elements but instance has 0 elements')
  if (list.length > MOST_RULES)
    throw refused(
      `array is too long: must have at most ${MOST_RULES} elements but instance has ${list.length} elements`,
    )
  for (const rule of list) checkRule(rule)
  const read = (list as PolicyRule[]).toSorted((a, b) => a.rulePriority - b.rulePriority)
  const problem = checkTogether(read)
  if (problem !== undefined) throw refused(problem)
  return read
}
