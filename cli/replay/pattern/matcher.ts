import { flatten, type Leaf } from './flatten.ts'
import type { FieldTest } from './operators.ts'
import { type Branch, parsePattern } from './parse.ts'

export { PatternError } from './error.ts'

/** Whether an event matches. */
export type Matcher = (event: object) => boolean

type Elements = Leaf['elements']

/** Two leaves belong together unless they lie in different elements of one array. */
function merged(a: Elements, b: Elements): Elements | undefined {
  for (const [array, index] of b) if ((a.get(array) ?? index) !== index) return undefined
  return new Map([...a, ...b])
}

function fits(
  fields: readonly (readonly [string, FieldTest])[],
  leaves: ReadonlyMap<string, readonly Leaf[]>,
  elements: Elements,
): boolean {
  const [first, ...rest] = fields
  if (!first) return true
  const [path, { tests, absent }] = first
  const found = leaves.get(path)
  if (!found) return absent && fits(rest, leaves, elements)
  return found.some((leaf) => {
    if (!tests.some((test) => test(leaf.value))) return false
    const together = merged(elements, leaf.elements)
    return together !== undefined && fits(rest, leaves, together)
  })
}

/**
 * Compiles an EventBridge event pattern. It matches as Event Ruler does: a field may be an array on the event's side,
 * fields of objects in one array must meet in the same element, and `exists` looks at leaves only.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @see https://github.com/aws/event-ruler
 * @throws {PatternError} for what EventBridge refuses, an unknown operator included
 */
export function compilePattern(pattern: unknown): Matcher {
  const branches = parsePattern(pattern).map((branch: Branch) => [...branch])
  return (event) => {
    const leaves = flatten(event)
    return branches.some((fields) => fits(fields, leaves, new Map()))
  }
}
