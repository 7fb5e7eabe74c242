/** What became of one event or message. One structured log line each, and what the local run tells its story from. */
export type Outcome = {
  /** One word or two: `alerted`, `quiet`, `known`, `sent`, `retry`, `invalid`, … */
  readonly outcome: string
  /** Why, in words. */
  readonly reason: string
  /** Id of the EventBridge event or of the alert; of the SQS message where neither could be read. */
  readonly event: string
  /** Anything else worth counting: `alert`, `repository`, `channel`, `calls`. Never a secret. */
  readonly [fact: string]: string | number | boolean | undefined
}

const LEVEL: Readonly<Record<string, 'warn' | 'error'>> = {
  ...{ retry: 'warn', unjudged: 'warn' },
  ...{ invalid: 'error', 'channel-broken': 'error' },
}

/**
 * Writes the outcome as one JSON line, under `message` as Lambda's JSON log format has it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export const logOutcome = (outcome: Outcome): void => console[LEVEL[outcome.outcome] ?? 'info'](outcome)
