/** One EventBridge event and where it was read. */
export type EventInput = {
  /** `FILE`, or `FILE#N` for the Nth (from 1) of several. */
  readonly name: string
  readonly file: string
  readonly event: object
}

/** When the event says that it happened, in ms; undefined where it does not say so. */
export function timeOf(event: object): number | undefined {
  const time = 'time' in event ? Date.parse(String(event.time)) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
