import type { Trespass } from './trespass.ts'
import { isPublic } from './trespass.ts'

type Json = Readonly<Record<string, unknown>>

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

/** A statement for those whom it names beside everyone; undefined where there are none. */
function forTheNamed(statement: Json): Json | undefined {
  const { Principal } = statement
  if (typeof Principal !== 'object' || Principal === null) return undefined
  const named = Object.entries(Principal)
    .map(([type, value]) => [type, listOf(value).filter((one) => one !== '*')] as const)
    .filter(([, values]) => values.length > 0)
  return named.length > 0 ? { ...statement, Principal: Object.fromEntries(named) } : undefined
}

/** Nobody knows what a condition that is not understood keeps out: such a statement is left to people. */
const isPlainlyPublic = (found: Trespass): boolean => isPublic(found) && found.statement.conditions.length === 0

/** What is left of a policy: its text, or nothing, so that it can be deleted. */
export type Rest = { readonly text: string } | 'nothing'

/**
 * A policy without what lets everyone in: those who are named beside everyone stay, and all else stays as it is.
 * Undefined where no statement without conditions lets everyone in.
 */
export function withoutPublic(text: string, found: readonly Trespass[]): Rest | undefined {
  const open = new Set(found.filter(isPlainlyPublic).map(({ statement }) => statement.index))
  if (open.size === 0) return undefined
  const policy = JSON.parse(text) as Json
  const statements = listOf(policy.Statement).flatMap((statement, index) =>
    open.has(index) ? (forTheNamed(statement as Json) ?? []) : [statement],
  )
  return statements.length > 0 ? { text: JSON.stringify({ ...policy, Statement: statements }) } : 'nothing'
}
