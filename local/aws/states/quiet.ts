import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../clock.ts'
import { Aborted } from './errors.ts'

type Wait = { readonly at: number; readonly wake: () => void }

/** The longest that a timer of Node takes. ms */
const LONGEST = 2 ** 31 - 1

/**
 * What executions do and wait for. Time passes for them as on the clock: at real speed by itself, and at once when whoever
 * sees that all is quiet moves the clock to `nextAt`.
 */
export class Quiet {
  readonly #clock: Clock
  readonly #waits = new Set<Wait>()
  #working = 0
  #isStirred = false
  #isWatched = false
  #changed = Promise.withResolvers<void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Says that something has begun that is not yet at work. */
  stir(): void {
    this.#isStirred = true
  }

  async work<T>(job: Promise<T>): Promise<T> {
    this.#working += 1
    try {
      return await job
    } finally {
      this.#working -= 1
      this.#changed.resolve()
      this.#changed = Promise.withResolvers()
    }
  }

  /** @throws {Aborted} */
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new Aborted())
      const end = (then: () => void): void => {
        clearTimeout(timer)
        this.#waits.delete(wait)
        signal.removeEventListener('abort', stop)
        this.stir()
        then()
      }
      const stop = (): void => end(() => reject(new Aborted()))
      const wait: Wait = { at: this.#clock.now() + ms, wake: () => end(resolve) }
      const timer = setTimeout(wait.wake, Math.min(ms, LONGEST)).unref()
      this.#waits.add(wait)
      signal.addEventListener('abort', stop, { once: true })
    })
  }

  /** When the first wait ends. */
  nextAt(): number | undefined {
    return this.#waits.size > 0 ? Math.min(...[...this.#waits].map(({ at }) => at)) : undefined
  }

  /**
   * Ends the waits that are due.
   * @returns what ends when all wait or have ended; undefined where that is so, or somebody watches already
   */
  start(): Promise<void> | undefined {
    const due = [...this.#waits].filter(({ at }) => at <= this.#clock.now())
    for (const { wake } of due) wake()
    if (this.#isWatched || (!this.#isStirred && this.#working === 0)) return undefined
    this.#isWatched = true
    return this.#untilQuiet()
  }

  async #untilQuiet(): Promise<void> {
    this.#isStirred = false
    // What one turn of the event loop brings has then begun to work or to wait.
    for (await turn(); this.#working > 0; await turn()) await this.#changed.promise
    this.#isWatched = false
  }
}
