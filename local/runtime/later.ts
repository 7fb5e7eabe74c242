import type { Clock } from '../clock.ts'
import type { Completed } from './lambda/instance.ts'
import type { InstancePool } from './lambda/pool.ts'
import type { Timed } from './settle.ts'

type Job = { readonly pool: InstancePool; readonly event: object; readonly attempt: number; readonly at: number }

export type LaterDone = { readonly pool: InstancePool; readonly event: object; readonly completed: Completed }

const MOST_AT_ONCE = 10
/** Lambda waits as long before it tries an asynchronous invocation again. */
const WAITS_MS = [60_000, 120_000]

/**
 * Asynchronous invocations: tried three times, then given up.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsynchronousInvocations implements Timed {
  readonly #clock: Clock
  readonly #onDone: (done: LaterDone) => void
  readonly #jobs: Job[] = []
  #running = 0

  constructor(clock: Clock, onDone: (done: LaterDone) => void) {
    this.#clock = clock
    this.#onDone = onDone
  }

  add(pool: InstancePool, event: object): void {
    this.#jobs.push({ pool, event, attempt: 0, at: this.#clock.now() })
  }

  nextAt(): number | undefined {
    return this.#jobs.length > 0 ? Math.min(...this.#jobs.map(({ at }) => at)) : undefined
  }

  start(): Promise<unknown> | undefined {
    const due = this.#jobs.findIndex(({ at }) => at <= this.#clock.now())
    const [job] = due < 0 || this.#running >= MOST_AT_ONCE ? [] : this.#jobs.splice(due, 1)
    return job && this.#run(job)
  }

  async #run({ pool, event, attempt }: Job): Promise<void> {
    this.#running += 1
    const completed = await pool.invoke(JSON.stringify(event))
    this.#running -= 1
    const wait = WAITS_MS[attempt]
    if (completed.error && wait !== undefined)
      this.#jobs.push({ pool, event, attempt: attempt + 1, at: this.#clock.now() + wait })
    this.#onDone({ pool, event, completed })
  }
}
