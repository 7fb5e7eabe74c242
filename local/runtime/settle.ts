import type { Clock } from '../clock.ts'
import { EndlessQueue, type Poller } from './poller.ts'

/** Invocations of one `settle()` before functions are taken to feed each other for ever. */
export const MOST_INVOCATIONS = 1_000_000
/** Jumps of the clock without a single invocation. */
const MOST_IDLE_JUMPS = 10_000

/** What failed together comes back within this long; a poller with a batching window takes it together again. ms */
const GATHERED_MS = 100

/** Work that waits for an instant of the clock, beside the queues: asynchronous invocations, executions of state machines. */
export type Timed = { nextAt(): number | undefined; start(): Promise<unknown> | undefined }

const earliest = (instants: readonly (number | undefined)[]): number | undefined => {
  const known = instants.filter((at) => at !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}

/** Several of them as one. */
export const allTimed = (all: readonly Timed[]): Timed => ({
  nextAt: () => earliest(all.map((timed) => timed.nextAt())),
  start() {
    for (const timed of all) {
      const task = timed.start()
      if (task) return task
    }
    return undefined
  },
})

/** Runs pollers and timed work until nothing is left; when all wait, the clock jumps to whatever comes first. */
export class Settlement {
  readonly #pollers: readonly Poller[]
  readonly #timed: Timed
  readonly #clock: Clock
  readonly #most: number
  readonly #tasks = new Set<Promise<unknown>>()
  #failure: { readonly cause: unknown } | undefined
  #stopped = false
  #invocations = 0
  #idleJumps = 0

  constructor(pollers: readonly Poller[], timed: Timed, clock: Clock, most: number = MOST_INVOCATIONS) {
    this.#pollers = pollers
    this.#timed = timed
    this.#clock = clock
    this.#most = most
  }

  /** @throws {EndlessQueue} */
  async run(): Promise<void> {
    this.#invocations = 0
    this.#idleJumps = 0
    while (!this.#stopped) {
      if (this.#failure) await this.#fail(this.#failure.cause)
      const started = this.#startAll()
      if (started || this.#failure) continue
      if (this.#tasks.size > 0) await Promise.race(this.#tasks)
      else if (!this.#jump()) return
    }
  }

  /** Nothing is started any more. */
  stop(): void {
    this.#stopped = true
  }

  /** Lets what is under way end before the error is told. */
  async #fail(cause: unknown): Promise<never> {
    await Promise.all(this.#tasks)
    this.#failure = undefined
    throw cause
  }

  /** Starts whatever can start; a batching window stays open while anything runs that may still fill it. */
  #startAll(): boolean {
    const before = this.#invocations
    for (const poller of this.#pollers)
      this.#startEach(() => (poller.isReady(this.#tasks.size > 0) ? poller.start() : undefined))
    this.#startEach(() => this.#timed.start())
    return this.#invocations > before
  }

  #startEach(start: () => Promise<unknown> | undefined): void {
    try {
      for (let task = start(); task; task = start()) {
        this.#track(task)
        if (this.#invocations > this.#most)
          throw new EndlessQueue(`the functions have been invoked ${this.#most} times without coming to rest`)
      }
    } catch (cause) {
      this.#failure ??= { cause }
    }
  }

  #track(task: Promise<unknown>): void {
    this.#invocations += 1
    this.#idleJumps = 0
    const tracked = task
      .catch((cause: unknown) => {
        this.#failure ??= { cause }
      })
      .finally(() => this.#tasks.delete(tracked))
    this.#tasks.add(tracked)
  }

  #jump(): boolean {
    const next = earliest([...this.#pollers.map(({ mapping }) => mapping.queue.nextVisibleAt()), this.#timed.nextAt()])
    if (next === undefined) return false
    this.#idleJumps += 1
    if (this.#idleJumps > MOST_IDLE_JUMPS) throw new EndlessQueue('the queues hold messages that cannot be received')
    const gathers = this.#pollers.some(({ mapping }) => mapping.gathers && mapping.queue.nextVisibleAt() === next)
    this.#clock.advanceTo(gathers ? next + GATHERED_MS : next)
    return true
  }
}
