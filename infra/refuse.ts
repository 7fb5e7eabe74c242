import type { Construct } from 'constructs'

/** A property of a construct that cannot be what was meant. `why` and `write` are sentences without a full stop. */
export type Refusal = { readonly prop: string; readonly why: string; readonly write: string }

/**
 * Ends the synthesis with one line: which construct, which property, why, and what to write instead.
 * @throws {Error} always
 */
export function refuse(construct: Construct, { prop, why, write }: Refusal): never {
  throw new Error(`${construct.node.path}: ${prop}: ${why}. Write ${write}.`)
}
