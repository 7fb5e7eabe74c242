import type { SQSRecord } from 'aws-lambda'
import { type Handled, readBatch, together, workOnEach } from '../batch.ts'
import type { Outcome } from '../outcome.ts'
import { checkPush } from './check.ts'
import { groupByImage, judge, type Worthy } from './group.ts'
import type { Deps } from './ports.ts'

/** All records of one batch: what became of each push, and the ids of the messages that must come again. */
export async function checkBatch(records: readonly SQSRecord[], deps: Deps): Promise<Handled> {
  const { config, home, now, deadline } = deps
  const { deliveries, refused } = readBatch(records)
  const worthy: Worthy[] = []
  const outcomes: Outcome[] = []
  for (const delivery of deliveries) {
    const sorted = judge(delivery.event, config, home)
    if ('outcome' in sorted) outcomes.push(sorted.outcome)
    else worthy.push({ delivery: { ...delivery, event: sorted.push }, rules: sorted.rules })
  }
  const handled = await workOnEach(groupByImage(worthy, config), {
    deliveriesOf: (group) => group.deliveries,
    work: (group) => checkPush(group, deps),
    grouped: 'judged with another push of its image',
    now,
    deadline,
  })
  return together([refused, { outcomes, again: [] }, handled])
}
