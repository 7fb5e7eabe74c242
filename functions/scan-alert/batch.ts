import type { SQSRecord } from 'aws-lambda'
import pLimit from 'p-limit'
import type { AlertPolicy } from '../domain/alert-policy.ts'
import { InvalidEvent } from '../events/invalid-event.ts'
import { parseEvent } from '../events/parse.ts'
import type { Outcome } from '../outcome.ts'
import { type Delivery, groupByImage, judge, type Worthy } from './group.ts'
import type { Deps } from './ports.ts'
import { alertOnImage, type Handled } from './scan-alert.ts'

/** Images looked at side by side; more would only be throttled by ECR. */
const AT_ONCE = 8

/** @throws {InvalidEvent} naming the fields */
function read({ body, messageId, attributes }: SQSRecord): Delivery {
  return { event: parseEvent(parseJson(body)), messageId, receives: Number(attributes.ApproximateReceiveCount) }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new InvalidEvent([{ path: 'body', expected: 'JSON', found: 'other text' }])
  }
}

type Sorted = { readonly worthy: Worthy[]; readonly outcomes: Outcome[]; readonly again: string[] }

/** Whatever is wrong with one record, the others of its batch go on. */
function refused(error: unknown, { messageId }: SQSRecord): Outcome {
  if (error instanceof InvalidEvent) return { outcome: 'invalid', reason: error.message, event: messageId }
  console.error(error)
  const name = error instanceof Error ? error.name : typeof error
  return { outcome: 'invalid', reason: `unexpected: ${name}`, event: messageId }
}

/** An event that cannot be read is given back too: after its receives it lies in the dead-letter queue, to be looked at. */
function sort(records: readonly SQSRecord[], policies: readonly AlertPolicy[]): Sorted {
  const sorted: Sorted = { worthy: [], outcomes: [], again: [] }
  for (const record of records) {
    try {
      const delivery = read(record)
      const verdict = judge(delivery.event, policies)
      if (verdict.worth) sorted.worthy.push({ delivery, policy: verdict.policy })
      else sorted.outcomes.push(verdict.outcome)
    } catch (error) {
      sorted.outcomes.push(refused(error, record))
      sorted.again.push(record.messageId)
    }
  }
  return sorted
}

/** All records of one batch: what became of each event, and the ids of the messages that must come again. */
export async function alertOnBatch(
  records: readonly SQSRecord[],
  policies: readonly AlertPolicy[],
  deps: Deps,
): Promise<Handled> {
  const { worthy, outcomes, again } = sort(records, policies)
  const limit = pLimit(AT_ONCE)
  const handled = await limit.map(groupByImage(worthy), (group) => alertOnImage(group, deps))
  return {
    outcomes: [...outcomes, ...handled.flatMap((one) => one.outcomes)],
    again: [...again, ...handled.flatMap((one) => one.again)],
  }
}
