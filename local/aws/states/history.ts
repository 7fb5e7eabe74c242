/** An event of an execution, with the details that are kept here. */
export type HistoryEvent = {
  readonly id: number
  readonly previousEventId: number
  readonly timestamp: Date
  readonly type: string
  readonly [details: `${string}EventDetails`]: object
}

/**
 * The events of an execution: entries and exits of states, failures of tasks, map runs, beginnings and ends. Those in
 * between (scheduled, started, retried) are not kept.
 */
export class History {
  readonly events: HistoryEvent[] = []
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  add(type: string, details: Readonly<Record<`${string}EventDetails`, object>> = {}): void {
    const id = this.events.length + 1
    this.events.push({ id, previousEventId: id - 1, timestamp: new Date(this.#now()), type, ...details })
  }
}
