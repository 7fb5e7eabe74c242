import { isObject } from './error.ts'

/** A leaf of an event, and in which element of which array it lies (array path → index). */
export type Leaf = { readonly value: unknown; readonly elements: ReadonlyMap<string, number> }

/** The leaves of an event by dotted path, as Event Ruler sees them: arrays are crushed out, empty ones leave nothing. */
export function flatten(event: object): ReadonlyMap<string, readonly Leaf[]> {
  const leaves = new Map<string, Leaf[]>()
  const visitArray = (array: readonly unknown[], path: string, depth: number, elements: Leaf['elements']): void => {
    // The array's own place is part of its name: the same path may hold an array in each element of an outer one.
    const name = `${path}#${depth}/${[...elements.values()].join('.')}`
    for (const [index, item] of array.entries()) visit(item, path, depth + 1, new Map(elements).set(name, index))
  }
  const visit = (value: unknown, path: string, depth: number, elements: Leaf['elements']): void => {
    if (Array.isArray(value)) visitArray(value, path, depth, elements)
    else if (isObject(value))
      for (const [key, inner] of Object.entries(value)) visit(inner, path ? `${path}.${key}` : key, 0, elements)
    else {
      const known = leaves.get(path)
      if (known) known.push({ value, elements })
      else leaves.set(path, [{ value, elements }])
    }
  }
  visit(event, '', 0, new Map())
  return leaves
}
