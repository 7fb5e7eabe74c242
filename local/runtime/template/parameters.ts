import type { Json } from './assembly.ts'
import { TemplateError } from './error.ts'

/** By the name of the parameter; lists as text with commas. */
export type ParameterValues = Readonly<Record<string, string>>

const isList = (type: string): boolean => type === 'CommaDelimitedList' || type.startsWith('List<')

/** What of a declaration a value breaks, in CloudFormation's words. */
function broken(value: string, declared: Json): string | undefined {
  const { AllowedValues: allowed, AllowedPattern: pattern, MinLength, MaxLength, MinValue, MaxValue, Type } = declared
  if (Array.isArray(allowed) && !allowed.map(String).includes(value)) return `must be one of ${allowed.join(', ')}`
  if (typeof pattern === 'string' && !new RegExp(`^(?:${pattern})$`).test(value)) return `must match ${pattern}`
  if (MinLength !== undefined && value.length < Number(MinLength)) return `must have at least ${MinLength} characters`
  if (MaxLength !== undefined && value.length > Number(MaxLength)) return `must have at most ${MaxLength} characters`
  if (Type === 'Number' && (value.trim() === '' || Number.isNaN(Number(value)))) return 'must be a number'
  if (MinValue !== undefined && Number(value) < Number(MinValue)) return `must be at least ${MinValue}`
  if (MaxValue !== undefined && Number(value) > Number(MaxValue)) return `must be at most ${MaxValue}`
  return undefined
}

function readValue(name: string, declared: Json, given: string): string | string[] {
  const type = String(declared.Type)
  const values = isList(type) ? given.split(',').map((part) => part.trim()) : [given]
  const problem = values.map((value) => broken(value, declared)).find((found) => found !== undefined)
  if (problem !== undefined) throw new TemplateError(`Parameters.${name}`, `${JSON.stringify(given)} ${problem}`)
  return isList(type) ? values : given
}

/**
 * The values of a template's parameters: what is given, else the default; one that has neither has no value.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 * @throws {TemplateError} for a value that is not allowed, or of a parameter that the template does not have
 */
export function valuesOf(
  declared: Readonly<Record<string, Json>>,
  given: ParameterValues,
): ReadonlyMap<string, string | string[]> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(declared, name))
  if (unknown !== undefined) throw new TemplateError('Parameters', `there is no parameter ${unknown}`)
  const values = Object.entries(declared).flatMap(([name, parameter]) => {
    const value = given[name] ?? parameter.Default
    return value === undefined ? [] : [[name, readValue(name, parameter, String(value))] as const]
  })
  return new Map(values)
}
