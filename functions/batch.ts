import type { SQSBatchResponse, SQSRecord } from 'aws-lambda'
import pLimit from 'p-limit'
import type { Delivered, Delivery } from './delivery.ts'
import type { Alert } from './domain/alert.ts'
import { InvalidEvent } from './events/invalid-event.ts'
import { parseEvent } from './events/parse.ts'
import { Later } from './faults.ts'
import { logOutcome, type Outcome } from './outcome.ts'

/** What became of each event, and the ids of the messages that must come again. */
export type Handled = { readonly outcomes: readonly Outcome[]; readonly again: readonly string[] }

/** What was decided on a group of events, and the alert that was published, if one was. */
export type Result = {
  readonly outcome: string
  readonly reason: string
  readonly alert?: Alert
  /** Whether its events come again, to be worked on once more. */
  readonly comesAgain?: boolean
  /** What else came of it: a line of its own. */
  readonly more?: readonly Result[]
}

/** Groups looked at side by side; more would only be throttled by ECR. */
export const AT_ONCE = 8

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new InvalidEvent([{ path: 'body', expected: 'JSON', found: 'other text' }])
  }
}

/** @throws {InvalidEvent} naming the fields */
const read = ({ body, messageId, attributes }: SQSRecord): Delivery => ({
  event: parseEvent(parseJson(body)),
  messageId,
  receives: Number(attributes.ApproximateReceiveCount),
})

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

/** Whatever is wrong with one record, the others of its batch go on. */
function refusal(error: unknown, { messageId }: SQSRecord): Outcome {
  if (error instanceof InvalidEvent) return { outcome: 'invalid', reason: error.message, event: messageId }
  console.error(error)
  return { outcome: 'invalid', reason: `unexpected: ${nameOf(error)}`, event: messageId }
}

/**
 * The events of a batch. One that cannot be read is given back: after its receives it lies in the dead-letter queue, to
 * be looked at.
 */
export function readBatch(records: readonly SQSRecord[]): { deliveries: Delivery[]; refused: Handled } {
  const deliveries: Delivery[] = []
  const outcomes: Outcome[] = []
  const again: string[] = []
  for (const record of records) {
    try {
      deliveries.push(read(record))
    } catch (error) {
      outcomes.push(refusal(error, record))
      again.push(record.messageId)
    }
  }
  return { deliveries, refused: { outcomes, again } }
}

const facts = ({ alert }: Result) =>
  alert ? { alert: alert.id, kind: alert.kind, severity: alert.severity, repository: alert.subject.repository } : {}

const lineOf = (result: Result, event: string): Outcome => ({
  outcome: result.outcome,
  reason: result.reason,
  event,
  ...facts(result),
})

/** The last event of a group speaks for it. */
function outcomesOf(deliveries: readonly Delivery[], result: Result, why: string): Outcome[] {
  const main = deliveries.at(-1)?.event.id ?? ''
  const others = deliveries.slice(0, -1)
  return [
    ...[result, ...(result.more ?? [])].map((one) => lineOf(one, main)),
    ...others.map(({ event }) => ({ outcome: 'grouped', reason: why, with: main, event: event.id })),
  ]
}

/** What could not be done now is given back to the queue, whatever the reason; nothing is swallowed. */
export function givenBack(deliveries: readonly Delivery[], error: unknown): Handled {
  if (!(error instanceof Later)) console.error(error)
  const reason = error instanceof Later ? error.message : `unexpected: ${nameOf(error)}`
  return {
    outcomes: deliveries.map(({ event }) => ({ outcome: 'retry', reason, event: event.id })),
    again: deliveries.map(({ messageId }) => messageId),
  }
}

export const together = (handled: readonly Handled[]): Handled => ({
  outcomes: handled.flatMap(({ outcomes }) => outcomes),
  again: handled.flatMap(({ again }) => again),
})

/** How groups of events are worked on. */
export type Work<G> = {
  readonly work: (group: G) => Promise<Result>
  /** Why an event has no outcome of its own: `in the one message of its image`. */
  readonly grouped: string
  readonly now: () => Date
  /** Milliseconds since the epoch after which no group is begun: the function must end in time. */
  readonly deadline: number
}

/**
 * Works on groups side by side, of each of which the last event speaks. Never throws: what went wrong, or had no time
 * left, comes again.
 */
export async function workOnEach<G extends Delivered>(groups: readonly G[], about: Work<G>): Promise<Handled> {
  const { work, grouped, now, deadline } = about
  const one = async (group: G): Promise<Handled> => {
    try {
      if (now().getTime() > deadline) throw new Later('no time is left for it in this invocation')
      const result = await work(group)
      const again = result.comesAgain ? group.deliveries.map(({ messageId }) => messageId) : []
      return { outcomes: outcomesOf(group.deliveries, result, grouped), again }
    } catch (error) {
      return givenBack(group.deliveries, error)
    }
  }
  return together(await pLimit(AT_ONCE).map(groups, one))
}

/**
 * Writes a line for each outcome, and names the records that must come again.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function respond({ outcomes, again }: Handled): SQSBatchResponse {
  for (const outcome of outcomes) logOutcome(outcome)
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) }
}
