import type { History } from './history.ts'
import type { JsonObject } from './json.ts'
import type { MapRun } from './map-run.ts'
import type { Ports } from './ports.ts'

/** What the states of a run share. */
export type Run = {
  readonly ports: Ports
  readonly signal: AbortSignal
  readonly history: History
  /** `Execution` and `StateMachine` of the context object, and in a map `Map`. */
  readonly context: JsonObject
  readonly machine: { readonly arn: string; readonly name: string }
  onMapRun(mapRun: MapRun): void
}
