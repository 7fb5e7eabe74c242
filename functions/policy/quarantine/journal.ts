import type { RepositoryRef } from '../../domain/facts/repository-facts.ts'
import { shortDigest } from '../../domain/image.ts'
import type { Why } from '../../domain/quarantine/quarantine.ts'
import type { JournalEntry, JournalKey } from '../journal.ts'

type Move = { readonly from: string; readonly to: string }

export type MoveIntent = {
  readonly key: JournalKey
  readonly digest: string
  readonly what: string
  readonly why: readonly Why[]
  readonly moves: readonly Move[]
  readonly events: readonly string[]
  /** The line that takes it back. */
  readonly undo: string
}

/** Images of a repository have lines of their own: several may be moved at the same instant. */
export const journalKeyOf = (ref: RepositoryRef, digest: string, at: string): JournalKey => ({
  ref,
  rule: `quarantine@${shortDigest(digest)}`,
  at,
})

const write = ({ key: { ref }, digest }: MoveIntent, moves: readonly Move[]) => ({
  operation: 'PutImage' as const,
  input: { repositoryName: ref.repository, imageDigest: digest, moves },
})

/** Moves of tags as an entry of the journal: pushes of the same manifest, each with the removal of a tag. */
export const intentOf = (intent: MoveIntent): JournalEntry => ({
  ...intent.key,
  what: intent.what,
  before: {
    reason: intent.why.map(({ rule, reason }) => `${rule}: ${reason}`).join(' '),
    evidence: [],
  },
  write: write(intent, intent.moves),
  undo: write(
    intent,
    intent.moves.map(({ from, to }) => ({ from: to, to: from })),
  ),
  undoCommand: intent.undo,
  events: intent.events,
})
