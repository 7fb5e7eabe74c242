import type { RemedyOutcome } from '../domain/enforcement-alert.ts'
import type { RepositoryRef, RepositoryValues } from '../domain/facts/repository-facts.ts'
import {
  fixedSince,
  type Heard,
  type Look,
  NOTHING_TOLD,
  type RepositoryState,
  rememberLook,
  repositoryKey,
} from '../domain/repository-state.ts'
import { against, isNew } from '../domain/told-verdicts.ts'
import type { Verdict } from '../domain/verdict.ts'
import type { PolicyItem } from '../domain/verdict-item.ts'
import type { Claim } from '../memory.ts'
import { enforce } from './enforce.ts'
import type { Judged, Judging } from './judge.ts'
import type { Hands } from './put-right.ts'

/** What a repository is remembered by, whoever looks at it. */
export const repositorySubject = (ref: RepositoryRef): string => `repository#${repositoryKey(ref)}`

export type Settling = {
  readonly ref: RepositoryRef
  readonly judging: Judging<RepositoryValues, RepositoryRef>
  readonly hands: Hands
  readonly events: readonly string[]
  /** Rules of which another alert on the same events speaks already: they ride along, and do not ring. */
  readonly spokenOf?: readonly string[]
  /** Names of every rule in force for the repository, also of those that are not judged now. */
  readonly inForce: readonly string[]
}

/** What there is to say of a repository. */
export type News = {
  /** As they are now: what was put right passes. */
  readonly verdicts: readonly Verdict[]
  /** Verdicts against what was told, without those that an outcome speaks of. */
  readonly items: readonly PolicyItem[]
  readonly outcomes: readonly RemedyOutcome[]
  /** Whether something of `items` has to be told now. */
  readonly rings: boolean
  /** Remembers it, and ends the claim. */
  mark(heard: Heard): Promise<void>
}

/**
 * Puts right what is to be put right, and compares what is left with what was told.
 * @throws {Later} while a write may succeed later, and the caller is patient
 */
export async function settle(claim: Claim<RepositoryState>, judged: Judged, settling: Settling): Promise<News> {
  const state = claim.told ?? NOTHING_TOLD
  const keep = (enforcement: RepositoryState['enforcement']) => claim.keep({ ...state, enforcement })
  const { verdicts, outcomes, enforcement } = await enforce(judged, state.enforcement, { ...settling, keep })
  const items = against(state.told, verdicts)
  const look: Look = { verdicts, items, enforcement, inForce: settling.inForce, now: settling.judging.now }
  const spokenOf = new Set(outcomes.map(({ verdict }) => verdict.rule))
  const rest = items.filter(({ verdict }) => !spokenOf.has(verdict.rule))
  return {
    verdicts,
    items: [...rest, ...fixedSince(state, verdicts)],
    outcomes,
    rings: rest.some((item) => isNew(item) && !settling.spokenOf?.includes(item.verdict.rule)),
    mark: (heard) => claim.mark(rememberLook(state, look, heard)),
  }
}
