import { createRequire } from 'node:module'

/**
 * The runtime schemas of the AWS SDK, as tuples: `[3, namespace, name, traits, memberNames, memberSchemas, requiredCount]`
 * for a structure (-3 an error, 4 a union), `[1, …, value]` a list, `[2, …, key, value]` a map, `[0, …, schema]` a named
 * simple type, numbers for the simple types (64+ a list, 128+ a map of one). A member may be `[schema, traits]`, and
 * any schema a function that returns one.
 */
export type Shape =
  | { kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'blob' | 'document' }
  | {
      kind: 'structure'
      name: string
      members: ReadonlyMap<string, () => Shape>
      required: ReadonlySet<string>
      /** Lists whose items stand in XML without a list around them. */
      flattened: ReadonlySet<string>
      /** Where members stand in a REST protocol that are not in its body. */
      bindings: ReadonlyMap<string, Binding>
    }
  | { kind: 'list'; member: () => Shape }
  | { kind: 'map'; keyName: string; valueName: string; value: () => Shape }

/** A place outside the body of a request or an answer; `payload` is the whole of the body. */
export type Binding =
  | { in: 'label' | 'payload' | 'status' }
  /** `name` is that of the header or of the parameter. */
  | { in: 'header' | 'query'; name: string }

export type OperationShape = {
  name: string
  input: Shape
  output: Shape
  /** Of a REST service: `GET`, `/2015-03-31/functions/{FunctionName}`, the status of success. */
  http?: { method: string; uri: string; status: number }
}

/** The traits that the SDK packs into one number, by their bits. */
const BITS: readonly (readonly [bit: number, place: 'label' | 'payload' | 'status'])[] = [
  [1, 'label'],
  [16, 'payload'],
  [32, 'status'],
]

const SIMPLE: Record<number, 'string' | 'number' | 'boolean' | 'timestamp' | 'blob' | 'document'> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
  15: 'document',
  17: 'number',
  19: 'number',
  21: 'blob',
  42: 'blob',
}
const LIST = 64
const MAP = 128

const shapes = new WeakMap<readonly unknown[], Shape>()

const bare = (schema: unknown): unknown => {
  let current = schema
  while (typeof current === 'function' || (Array.isArray(current) && current.length === 2))
    current = typeof current === 'function' ? current() : current[0]
  return current
}

/** Reads a schema of the SDK. Throws when the SDK's format has changed, which a new version may do. */
export function shapeOf(schema: unknown): Shape {
  const current = bare(schema)
  if (typeof current === 'number') return simple(current)
  if (current === 'unit') return structure('Unit', [], [], 0)
  if (!Array.isArray(current)) throw new TypeError(`The SDK has a schema of a new kind: ${String(current)}`)
  const known = shapes.get(current)
  if (known) return known
  const shape = compound(current)
  shapes.set(current, shape)
  return shape
}

function simple(code: number): Shape {
  if (code >= MAP) return { kind: 'map', keyName: 'key', valueName: 'value', value: () => simple(code - MAP) }
  if (code >= LIST) return { kind: 'list', member: () => simple(code - LIST) }
  const kind = SIMPLE[code]
  if (!kind) throw new TypeError(`The SDK has a simple schema of a new kind: ${code}`)
  return { kind }
}

function compound(schema: readonly unknown[]): Shape {
  const [kind, , name, traits, first, second, requiredCount] = schema
  if (kind === 0) return shapeOf(first)
  if (kind === 1) return { kind: 'list', member: () => shapeOf(first) }
  if (kind === 2) {
    const [keyName, valueName] = [xmlName(first, 'key'), xmlName(second, 'value')]
    return { kind: 'map', keyName, valueName, value: () => shapeOf(second) }
  }
  if (kind !== 3 && kind !== -3 && kind !== 4)
    throw new TypeError(`The SDK has a schema of a new kind: ${String(kind)}`)
  return structure(
    xmlNameIn(traits) ?? String(name),
    first as string[],
    second as unknown[],
    Number(requiredCount ?? 0),
  )
}

const structure = (name: string, names: readonly string[], schemas: readonly unknown[], required: number): Shape => ({
  kind: 'structure',
  name,
  members: new Map(names.map((member, index) => [member, () => shapeOf(schemas[index])])),
  required: new Set(names.slice(0, required)),
  flattened: new Set(names.filter((_, index) => isFlattened(schemas[index]))),
  bindings: new Map(
    names.flatMap((member, index) => {
      const binding = bindingOf(traitsOf(schemas[index]))
      return binding ? [[member, binding] as const] : []
    }),
  ),
})

const isFlattened = (schema: unknown): boolean => {
  const traits = traitsOf(schema)
  return isObject(traits) && traits.xmlFlattened !== undefined
}

function bindingOf(traits: unknown): Binding | undefined {
  if (typeof traits === 'number') {
    const [, place] = BITS.find(([bit]) => (traits & bit) !== 0) ?? []
    return place && { in: place }
  }
  if (!isObject(traits)) return undefined
  const { httpHeader, httpQuery, httpPayload } = traits
  if (httpHeader !== undefined) return { in: 'header', name: String(httpHeader).toLowerCase() }
  if (httpQuery !== undefined) return { in: 'query', name: String(httpQuery) }
  return httpPayload === undefined ? undefined : { in: 'payload' }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Of a member: `[schema, traits]`. */
const traitsOf = (schema: unknown): unknown => (Array.isArray(schema) && schema.length === 2 ? schema[1] : undefined)

const xmlNameIn = (traits: unknown): string | undefined =>
  isObject(traits) && typeof traits.xmlName === 'string' ? traits.xmlName : undefined

const xmlName = (schema: unknown, fallback: string): string => xmlNameIn(traitsOf(schema)) ?? fallback

/** The operations that an SDK client's module exports, by name. */
export function operationsOf(client: object): ReadonlyMap<string, OperationShape> {
  const operations = Object.values(client).filter((value): value is unknown[] => Array.isArray(value) && value[0] === 9)
  return new Map(
    operations.map((operation) => {
      const name = String(operation[2])
      const [input, output] = [shapeOf(operation[4]), shapeOf(operation[5])]
      const [method, uri, status] = (operation[3] as { http?: [string, string, number] }).http ?? []
      return [
        name,
        method && uri && status ? { name, input, output, http: { method, uri, status } } : { name, input, output },
      ]
    }),
  )
}

const require = createRequire(import.meta.url)

/**
 * The operations of an SDK client that is loaded when they are first asked for: ten clients take 0.2 s of a start, and
 * most runs call none of them.
 * @param client name of the package
 */
export function operationsWhenAsked(client: string): () => ReadonlyMap<string, OperationShape> {
  let operations: ReadonlyMap<string, OperationShape> | undefined
  return () => {
    operations ??= operationsOf(require(client))
    return operations
  }
}

/** The codes that errors have in the query protocol, by the errors' names, as the client's schemas tell them. */
export function queryErrorsOf(client: object): ReadonlyMap<string, string> {
  const errors = Object.values(client).filter((value): value is unknown[] => Array.isArray(value) && value[0] === -3)
  return new Map(
    errors.flatMap(([, , name, traits]) => {
      const [code] = (traits as { awsQueryError?: [string, number] }).awsQueryError ?? []
      return code === undefined ? [] : [[String(name), code] as const]
    }),
  )
}
