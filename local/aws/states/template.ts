import { InvalidDefinition } from './errors.ts'
import { compileIntrinsic } from './intrinsic.ts'
import { isJsonObject, type Json } from './json.ts'
import { compilePath, type Scope } from './path.ts'

/** A payload template that was read: what it is for a scope. */
export type Template = (scope: Scope) => Json

function compileDynamic(value: Json, where: string): Template {
  if (typeof value !== 'string')
    throw new InvalidDefinition(where, 'a path or a call of an intrinsic function belongs here')
  return value.startsWith('$') ? compilePath(value, where).read : compileIntrinsic(value, where)
}

/**
 * Parameters, ItemSelector, ResultSelector and BatchInput: a field whose name ends in `.$` has a path or a call of an
 * intrinsic function.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
 * @throws {InvalidDefinition}
 */
export function compileTemplate(value: Json, where: string): Template {
  if (Array.isArray(value)) {
    const items = value.map((item, n) => compileTemplate(item, `${where}[${n}]`))
    return (scope) => items.map((item) => item(scope))
  }
  if (!isJsonObject(value)) return () => value
  const fields = Object.entries(value).map(([name, item]): readonly [string, Template] =>
    name.endsWith('.$')
      ? [name.slice(0, -2), compileDynamic(item, `${where}.${name}`)]
      : [name, compileTemplate(item, `${where}.${name}`)],
  )
  return (scope) => Object.fromEntries(fields.map(([name, field]) => [name, field(scope)]))
}
