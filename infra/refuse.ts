import type { Construct } from 'constructs'
import type { Refusal } from '../functions/domain/new-repository/refusal.ts'

export type { Refusal } from '../functions/domain/new-repository/refusal.ts'

/**
 * Ends the synthesis with one line: which construct, which property, why, and what to write instead.
 * @throws {Error} always
 */
export function refuse(construct: Construct, { prop, why, write }: Refusal): never {
  throw new Error(`${construct.node.path}: ${prop}: ${why}. Write ${write}.`)
}
