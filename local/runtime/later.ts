import type { Clock } from '../clock.ts'
import type { Completed } from './lambda/instance.ts'
import type { InstancePool } from './lambda/pool.ts'
import type { Timed } from './settle.ts'

type Job = {
  readonly pool: InstancePool
  readonly event: object
  readonly attempt: number
  readonly at: number
  /** Instant at which it was first given. */
  readonly since: number
}

export type LaterDone = { readonly pool: InstancePool; readonly event: object; readonly completed: Completed }

/** How long and how often an event is tried that nobody waits for. */
export type AsynchronousPolicy = {
  readonly attempts: number
  readonly maximumAgeMs: number
  /** Given the record that Lambda sends to a destination of failures. */
  readonly onFailure?: (record: object) => void
}

export const USUAL_POLICY: AsynchronousPolicy = { attempts: 3, maximumAgeMs: 6 * 60 * 60_000 }

const MOST_AT_ONCE = 10
/** Lambda waits as long before it tries an asynchronous invocation again. */
const WAITS_MS = [60_000, 120_000]

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const failureRecord = (
  { pool, event, attempt }: Job,
  { requestId, error }: Completed,
  condition: string,
  now: number,
) => ({
  version: '1.0',
  timestamp: new Date(now).toISOString(),
  requestContext: {
    ...{ requestId, functionArn: `${pool.lambda.arn}:$LATEST`, condition, approximateInvokeCount: attempt + 1 },
  },
  requestPayload: event,
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: { errorType: error?.type, errorMessage: error?.message },
})

/**
 * Asynchronous invocations: tried three times, unless their function says otherwise, then given up.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsynchronousInvocations implements Timed {
  readonly #clock: Clock
  readonly #onDone: (done: LaterDone) => void
  readonly #policies: ReadonlyMap<InstancePool, AsynchronousPolicy>
  readonly #jobs: Job[] = []
  #running = 0

  constructor(
    clock: Clock,
    onDone: (done: LaterDone) => void,
    policies: ReadonlyMap<InstancePool, AsynchronousPolicy> = new Map(),
  ) {
    this.#clock = clock
    this.#onDone = onDone
    this.#policies = policies
  }

  add(pool: InstancePool, event: object): void {
    const at = this.#clock.now()
    this.#jobs.push({ pool, event, attempt: 0, at, since: at })
  }

  nextAt(): number | undefined {
    return this.#jobs.length > 0 ? Math.min(...this.#jobs.map(({ at }) => at)) : undefined
  }

  start(): Promise<unknown> | undefined {
    const due = this.#jobs.findIndex(({ at }) => at <= this.#clock.now())
    const [job] = due < 0 || this.#running >= MOST_AT_ONCE ? [] : this.#jobs.splice(due, 1)
    return job && this.#run(job)
  }

  async #run(job: Job): Promise<void> {
    const { pool, event } = job
    this.#running += 1
    const completed = await pool.invoke(JSON.stringify(event))
    this.#running -= 1
    if (completed.error) this.#repeatOrGiveUp(job, completed)
    this.#onDone({ pool, event, completed })
  }

  #repeatOrGiveUp(job: Job, completed: Completed): void {
    const now = this.#clock.now()
    const { attempts, maximumAgeMs, onFailure } = this.#policies.get(job.pool) ?? USUAL_POLICY
    const at = now + (WAITS_MS[job.attempt] ?? 0)
    const isLast = job.attempt + 1 >= attempts
    if (!isLast && at - job.since <= maximumAgeMs) this.#jobs.push({ ...job, attempt: job.attempt + 1, at })
    else onFailure?.(failureRecord(job, completed, isLast ? 'RetriesExhausted' : 'EventAgeExceeded', now))
  }
}
