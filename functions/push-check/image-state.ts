import { type ImageRef, imageKey } from '../domain/image.ts'
import type { Quarantine } from '../domain/quarantine/quarantine.ts'
import { remember, type ToldVerdicts } from '../domain/told-verdicts.ts'
import type { Verdict } from '../domain/verdict.ts'
import type { TagMove } from './ports.ts'

/** What is remembered of an image that was judged. */
export type ImageState = {
  readonly told: ToldVerdicts
  /** Ids of the last events about it. */
  readonly events: readonly string[]
  /** Moves of tags onto it that were told: the event of each, by tag. */
  readonly moves?: Readonly<Record<string, string>>
  /** Digest of the index that it is a platform of, and with which it was judged. */
  readonly partOf?: string
  /** What was done to its tags, and taken back. */
  readonly quarantine?: Quarantine
}

/** What an image is remembered by. */
export const imageSubject = (image: ImageRef): string => `image#${imageKey(image)}`

/** Ids that are kept, so that a repeated event is told from a re-push. */
const EVENTS = 20
/** Moves that are kept. */
const MOVES = 50

export type Seen = {
  readonly verdicts: readonly Verdict[]
  readonly events: readonly string[]
  /** Moves that were told with it. */
  readonly moves: readonly TagMove[]
  readonly quarantine?: Quarantine | undefined
}

/** What to remember of an image once it was judged, and told as far as it had to be. */
export function rememberImage(
  state: ImageState | undefined,
  { verdicts, events, moves, quarantine }: Seen,
): ImageState {
  const told = [...Object.entries(state?.moves ?? {}), ...moves.map(({ tag, event }) => [tag, event] as const)]
  return {
    told: remember(state?.told ?? {}, verdicts),
    events: [...new Set([...(state?.events ?? []), ...events])].slice(-EVENTS),
    ...(told.length > 0 && { moves: Object.fromEntries(told.slice(-MOVES)) }),
    ...(quarantine && { quarantine }),
  }
}

/** How an image comes to be judged again: not at all, by the same event, or because it was pushed again. */
export function cameAgain(state: ImageState | undefined, events: readonly string[]): 'first' | 'repeated' | 're-push' {
  if (!state) return 'first'
  return events.every((event) => state.events.includes(event)) ? 'repeated' : 're-push'
}

/** Whether it is remembered for good: what is in quarantine, or was released from it, must be known years later. */
export const isForGood = ({ quarantine }: ImageState): boolean => quarantine !== undefined
