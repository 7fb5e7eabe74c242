import type { Json } from './json.ts'
import type { MapRun } from './map-run.ts'

/** How far a sequence of states is: what a redrive goes on from. */
export type Progress = {
  /** The state that is next, or under way. */
  at: string
  /** Its input, before InputPath. */
  input: Json
  /** Whether the history has its entry. */
  isEntered?: boolean
  /** The iterations of an inline map. */
  iterations?: Iteration[] | undefined
  /** Of a distributed map. */
  mapRun?: MapRun | undefined
}

/** @property output of an iteration that has ended well */
export type Iteration = { readonly index: number; readonly value: Json; readonly progress: Progress; output?: Json }
