import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Shape } from '../../../../local/aws/protocol/shape.ts'
import { OPERATIONS } from '../../../../local/aws/states/shapes.ts'

type Theirs =
  | string
  | { readonly required: string[]; readonly members: Record<string, Theirs> }
  | { readonly list: Theirs }

const ours = [...OPERATIONS.keys()]
const script = join(import.meta.dirname, 'botocore-shapes.py')
const { status, stdout } = spawnSync('python3', [script, ...ours], { encoding: 'utf8' })
const hasBotocore = status === 0
const model: Record<string, [Theirs, Theirs]> = hasBotocore ? JSON.parse(stdout) : {}

const SIMPLE: Readonly<Record<string, string>> = { integer: 'number', long: 'number', float: 'number' }

/** Where a shape of ours is another one than theirs; what it leaves out is no difference. */
function differences(shape: Shape, theirs: Theirs | undefined, path: string): string[] {
  if (theirs === undefined) return [`${path}: AWS does not have it`]
  if (typeof theirs === 'string') return shape.kind === (SIMPLE[theirs] ?? theirs) ? [] : [`${path}: a ${theirs}`]
  if ('list' in theirs)
    return shape.kind === 'list' ? differences(shape.member(), theirs.list, `${path}[]`) : [`${path}: a list`]
  if (shape.kind !== 'structure') return [`${path}: a structure`]
  return [...shape.members].flatMap(([name, member]) => differences(member(), theirs.members[name], `${path}.${name}`))
}

const NAME = hasBotocore ? "shapes and botocore's model" : "shapes and botocore's model (skipped: no botocore here)"

describe.skipIf(!hasBotocore)(NAME, () => {
  test.each(ours)('agree on %s', (operation) => {
    const [input, output] = model[operation] ?? []
    const shapes = OPERATIONS.get(operation)
    if (!shapes || typeof input !== 'object' || !('required' in input)) throw new Error('there is no such operation')
    expect(differences(shapes.input, input, 'input')).toEqual([])
    expect(differences(shapes.output, output, 'output')).toEqual([])
    const required = shapes.input.kind === 'structure' ? [...shapes.input.required] : []
    expect(required.toSorted()).toEqual(input.required.toSorted())
  })
})
