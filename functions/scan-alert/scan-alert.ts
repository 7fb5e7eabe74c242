import type { SQSRecord } from 'aws-lambda'
import { type Handled, readBatch, together, workOnEach } from '../batch.ts'
import type { Outcome } from '../outcome.ts'
import type { ScanAlertConfig } from './contract.ts'
import { tellFailed } from './failed.ts'
import { tellFound } from './found.ts'
import { groupByImage, judge, type Worthy } from './group.ts'
import type { Deps } from './ports.ts'

/** All records of one batch: what became of each event, and the ids of the messages that must come again. */
export async function alertOnBatch(
  records: readonly SQSRecord[],
  { alerts, exceptions }: ScanAlertConfig,
  { ports, now, deadline }: Deps,
): Promise<Handled> {
  const { deliveries, refused } = readBatch(records)
  const worthy: Worthy[] = []
  const outcomes: Outcome[] = []
  for (const delivery of deliveries) {
    const verdict = judge(delivery.event, alerts)
    if (verdict.worth) worthy.push({ delivery, policy: verdict.policy })
    else outcomes.push(verdict.outcome)
  }
  const handled = await workOnEach(groupByImage(worthy), {
    work: (group) =>
      group.scans.at(-1)?.event.outcome === 'failed'
        ? tellFailed(group, ports, now())
        : tellFound(group, exceptions, ports, now()),
    grouped: 'in the one message of its image',
    now,
    deadline,
  })
  return together([refused, { outcomes, again: [] }, handled])
}
