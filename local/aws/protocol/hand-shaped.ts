import { type OperationShape, type Shape, shapeOf } from './shape.ts'

/** Simple types, as the SDK's schemas number them. */
export const [STRING, NUMBER, BOOLEAN, TIMESTAMP] = [0, 1, 2, 4]

type Members = Readonly<Record<string, unknown>>

export const listOf = (member: unknown): unknown[] => [1, '', 'List', 0, member]

/** Shapes of a service that has no client among ours, written by hand as its client would have them. */
export function handShaped(service: string) {
  /** @param required how many of the members, which are the first of them */
  const structure = (name: string, members: Members, required = 0): unknown[] => [
    ...[3, service, name, 0],
    ...[Object.keys(members), Object.values(members), required],
  ]
  const shape = (name: string, members: Members, required: number): Shape => shapeOf(structure(name, members, required))
  return {
    structure,
    /** An operation with its name, for a map. */
    operation: (name: string, input: Members, required: number, output: Members): [string, OperationShape] => [
      name,
      { name, input: shape(`${name}Request`, input, required), output: shape(`${name}Response`, output, 0) },
    ],
  }
}
