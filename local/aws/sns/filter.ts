import type { Publication, Subscription } from './types.ts'

type Value = string | number | boolean | null
type Policy = Record<string, unknown>

const isPolicy = (value: unknown): value is Policy =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `["=", 3]`, `[">", 1, "<=", 5]` */
function isInRange(value: Value, bounds: readonly unknown[]): boolean {
  const number = typeof value === 'number' ? value : Number.NaN
  for (let index = 0; index + 1 < bounds.length; index += 2) {
    const bound = Number(bounds[index + 1])
    const holds = {
      '=': number === bound,
      '<': number < bound,
      '<=': number <= bound,
      '>': number > bound,
      '>=': number >= bound,
    }
    if (!holds[String(bounds[index]) as keyof typeof holds]) return false
  }
  return true
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])
const lower = (value: unknown): string => String(value).toLowerCase()

const CONDITIONS: Record<string, (value: Value, argument: unknown) => boolean> = {
  prefix: (value, argument) => typeof value === 'string' && value.startsWith(String(argument)),
  suffix: (value, argument) => typeof value === 'string' && value.endsWith(String(argument)),
  'equals-ignore-case': (value, argument) => typeof value === 'string' && lower(value) === lower(argument),
  numeric: (value, argument) => isInRange(value, asList(argument)),
  'anything-but': (value, argument) => !asList(argument).some((other) => meets(value, other)),
}

/** Whether one value meets one condition of a filter policy; a condition of an unknown kind is never met. */
function meets(value: Value, condition: unknown): boolean {
  if (!isPolicy(condition)) return value === condition
  const [kind = '', argument] = Object.entries(condition)[0] ?? []
  return CONDITIONS[kind]?.(value, argument) ?? false
}

const holds = (values: readonly Value[] | undefined, conditions: unknown): boolean =>
  asList(conditions).some((condition) => {
    if (isPolicy(condition) && 'exists' in condition) return condition.exists === (values !== undefined)
    return values?.some((value) => meets(value, condition)) ?? false
  })

/** The values of a message attribute; a `String.Array` has several. */
function valuesOf({ dataType, stringValue = '' }: { dataType: string; stringValue?: string }): Value[] {
  if (dataType.startsWith('Number')) return [Number(stringValue)]
  if (dataType !== 'String.Array') return [stringValue]
  try {
    return asList(JSON.parse(stringValue)) as Value[]
  } catch {
    return []
  }
}

const matchesAttributes = (policy: Policy, attributes: Publication['attributes']): boolean =>
  Object.entries(policy).every(([name, conditions]) => {
    if (name === '$or') return asList(conditions).some((part) => isPolicy(part) && matchesAttributes(part, attributes))
    const attribute = attributes[name]
    return holds(attribute && valuesOf(attribute), conditions)
  })

const matchesBody = (policy: Policy, body: unknown): boolean =>
  asList(body).some((part) =>
    Object.entries(policy).every(([name, conditions]) => {
      if (name === '$or') return asList(conditions).some((other) => isPolicy(other) && matchesBody(other, part))
      const value = isPolicy(part) && Object.hasOwn(part, name) ? part[name] : undefined
      if (isPolicy(conditions)) return matchesBody(conditions, value)
      return holds(value === undefined ? undefined : (asList(value) as Value[]), conditions)
    }),
  )

/**
 * Whether a subscription wants a message.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function matches({ attributes }: Subscription, publication: Publication): boolean {
  if (!attributes.FilterPolicy) return true
  const policy = JSON.parse(attributes.FilterPolicy) as Policy
  if (attributes.FilterPolicyScope !== 'MessageBody') return matchesAttributes(policy, publication.attributes)
  try {
    return matchesBody(policy, JSON.parse(publication.message))
  } catch {
    return false
  }
}
