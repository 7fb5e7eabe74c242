import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { Evidence } from '../domain/rule/judgement.ts'

/** What names a line of the journal. */
export type JournalKey = {
  readonly ref: RepositoryRef
  readonly rule: string
  /** ISO 8601 instant of the intent. */
  readonly at: string
}

/** A write of ECR's API: what names it in the journal. */
type Write = { readonly operation: string; readonly input: Readonly<Record<string, unknown>> }

/** What is about to be written, with all that it takes to take it back. */
export type JournalEntry = JournalKey & {
  /** `Make tags immutable`. */
  readonly what: string
  readonly before: { readonly reason: string; readonly evidence: readonly Evidence[] }
  readonly write: Write
  readonly undo: Write
  /** `undo` as a line of the AWS CLI. */
  readonly undoCommand: string
  /** Ids of the events that led to it. */
  readonly events: readonly string[]
}

/** Kept for good: who reads it wants to know what was changed, why, and how to undo it. */
export type Journal = {
  /** Before anything is written. */
  intend(entry: JournalEntry): Promise<void>
  /** @param outcome what became of it, in words */
  close(key: JournalKey, outcome: string): Promise<void>
}
