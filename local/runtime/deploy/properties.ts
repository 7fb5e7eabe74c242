import { isObject } from '../is-object.ts'
import { type Resource, TemplateError } from '../template.ts'

type Json = Record<string, unknown>

const wrong = (resource: Resource, name: string, expected: string): TemplateError =>
  new TemplateError(`${resource.where}.${name}`, `${expected} was expected`)

/** A property that must be text. @throws {TemplateError} */
export function text(resource: Resource, name: string): string {
  const value = resource.properties[name]
  if (typeof value === 'string') return value
  throw wrong(resource, name, 'text')
}

/** A number, also where the template has it as text. @throws {TemplateError} */
export function number(resource: Resource, name: string, fallback: number, from: Json = resource.properties): number {
  const value = from[name]
  if (value === undefined) return fallback
  const given = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof given === 'number' && Number.isFinite(given)) return given
  throw wrong(resource, name, 'a number')
}

/** An object, empty where the property is absent. @throws {TemplateError} */
export function object(resource: Resource, name: string): Json {
  const value = resource.properties[name] ?? {}
  if (isObject(value)) return value
  throw wrong(resource, name, 'an object')
}

/** A list, empty where the property is absent. @throws {TemplateError} */
export function list(resource: Resource, name: string): readonly unknown[] {
  const value = resource.properties[name] ?? []
  if (Array.isArray(value)) return value
  throw wrong(resource, name, 'a list')
}
