import { isDeepStrictEqual } from 'node:util'
import { AwsError } from '../../../aws/error.ts'
import { isObject } from '../../is-object.ts'

export type Properties = Readonly<Record<string, unknown>>

/** An operation of ECR, with the checks that it has over HTTP. @throws AwsError as AWS does */
export type Call = (operation: string, input: object) => unknown

/** How CloudFormation makes a resource of a type, changes it in place and removes it. */
export type Kind = {
  /** All that the type has; those that are marked replace the resource when they change. */
  readonly properties: Readonly<Record<string, 'replaced' | 'changed'>>
  /** Of which a registry has one. */
  readonly isSingle?: boolean
  create(call: Call, name: string, properties: Properties): void
  update(call: Call, name: string, properties: Properties, before: Properties): void
  remove(call: Call, name: string, properties: Properties): void
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** Members as the API names them; tags are named alike in both. */
export function asInput(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asInput)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [lowerFirst(name), asInput(inner)]))
}

/** A policy is JSON in a template, or its text. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Exclusions from tag mutability, which CloudFormation names longer than the API does. */
export function asFilters(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.map((filter) => {
    if (!isObject(filter)) return filter
    const { ImageTagMutabilityExclusionFilterType: filterType, ...rest } = filter
    const { ImageTagMutabilityExclusionFilterValue: text, ...others } = rest
    return { filterType, filter: text, ...others }
  })
}

export const isTrue = (value: unknown): boolean => String(value) === 'true'

export const differ = (name: string, one: Properties, other: Properties): boolean =>
  !isDeepStrictEqual(one[name], other[name])

/** Removes something; that it is gone already is no failure, as it is none to CloudFormation. */
export function ifThere(remove: () => unknown): void {
  try {
    remove()
  } catch (error) {
    if (!(error instanceof AwsError && error.code.endsWith('NotFoundException'))) throw error
  }
}
