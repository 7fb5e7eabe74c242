import type { AwsError } from '../error.ts'
import type { Shape } from './shape.ts'

/** How a service words what is wrong with an input; `path` is `imageIds.1.imageTag`. */
export type Complaints = {
  missing(path: string): AwsError
  unknown(path: string, allowed: readonly string[]): AwsError
  wrongType(path: string, expected: string, got: string): AwsError
}

type Raw = Record<string, unknown>

const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)
const join = (path: string, name: string | number): string => (path === '' ? String(name) : `${path}.${name}`)
const typeName = (value: unknown): string => (Array.isArray(value) ? 'list' : isRaw(value) ? 'map' : typeof value)

/** Reads JSON input strictly: nothing unknown, nothing missing, nothing of another type. `null` is absent, as on AWS. */
export function readValue(shape: Shape, value: unknown, path: string, complaints: Complaints): unknown {
  switch (shape.kind) {
    case 'structure':
      return readStructure(shape, value, path, complaints)
    case 'list':
      if (!Array.isArray(value)) throw complaints.wrongType(path, 'list', typeName(value))
      return value.map((item, index) => readValue(shape.member(), item, join(path, index + 1), complaints))
    case 'map': {
      if (!isRaw(value)) throw complaints.wrongType(path, 'map', typeName(value))
      const entries = Object.entries(value).filter(([, item]) => item !== null)
      return Object.fromEntries(
        entries.map(([key, item]) => [key, readValue(shape.value(), item, join(path, key), complaints)]),
      )
    }
    case 'document':
      return value
    default:
      return readSimple(shape.kind, value, path, complaints)
  }
}

function readStructure(
  shape: Shape & { kind: 'structure' },
  value: unknown,
  path: string,
  complaints: Complaints,
): Raw {
  if (!isRaw(value)) throw complaints.wrongType(path, 'structure', typeName(value))
  const result: Raw = {}
  for (const [name, item] of Object.entries(value)) {
    const member = shape.members.get(name)
    if (!member) throw complaints.unknown(join(path, name), [...shape.members.keys()])
    if (item !== null && item !== undefined) result[name] = readValue(member(), item, join(path, name), complaints)
  }
  for (const name of shape.required) if (result[name] === undefined) throw complaints.missing(join(path, name))
  return result
}

type Simple = 'string' | 'number' | 'boolean' | 'timestamp' | 'blob'

function readSimple(kind: Simple, value: unknown, path: string, complaints: Complaints): unknown {
  const expected = kind === 'timestamp' ? 'number' : kind === 'blob' ? 'string' : kind
  if (typeof value !== expected) throw complaints.wrongType(path, kind, typeName(value))
  if (kind === 'timestamp') return new Date(Number(value) * 1000)
  if (kind === 'blob') return Buffer.from(String(value), 'base64')
  return value
}

/** Writes an output as JSON has it: instants in seconds, bytes in base64. A member that AWS's model lacks is a fault of ours. */
export function writeValue(shape: Shape, value: unknown, path = ''): unknown {
  if (shape.kind === 'list')
    return (value as unknown[]).map((item, i) => writeValue(shape.member(), item, join(path, i)))
  if (shape.kind === 'timestamp') return value instanceof Date ? value.getTime() / 1000 : value
  if (shape.kind === 'blob') return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
  if (shape.kind !== 'structure' && shape.kind !== 'map') return value
  const present = Object.entries(value as Raw).filter(([, item]) => item !== undefined)
  return Object.fromEntries(
    present.map(([name, item]) => {
      const member = shape.kind === 'map' ? shape.value : shape.members.get(name)
      if (!member) throw new TypeError(`The output has ${join(path, name)}, which AWS's model of it lacks.`)
      return [name, writeValue(member(), item, join(path, name))]
    }),
  )
}
