import type { SQSRecord } from 'aws-lambda'
import pLimit from 'p-limit'
import { AT_ONCE, givenBack, type Handled, readBatch, together, workOnEach } from '../batch.ts'
import type { Outcome } from '../outcome.ts'
import { checkPush } from './check.ts'
import { type Group, groupByImage, judge, type Worthy } from './group.ts'
import { movesOf } from './moves.ts'
import type { Deps } from './ports.ts'
import { ofSubject } from './subject.ts'

/** Whatever is wrong with one push, the others of its batch go on. */
async function subjectsOf(worthy: readonly Worthy[], deps: Deps) {
  const left: Handled[] = []
  const pushed = await pLimit(AT_ONCE).map(worthy, (one) =>
    ofSubject(one, deps).catch((error: unknown) => {
      left.push(givenBack([one.delivery], error))
      return []
    }),
  )
  return { pushed: pushed.flat(), left }
}

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
  const { pushed, left } = await subjectsOf(worthy, deps)
  const moves = movesOf(
    pushed.map(({ delivery }) => delivery.event).filter(({ attached }) => attached === undefined),
    deps.ports.tags,
  )
  const check = (groups: readonly Group[]): Promise<Handled> =>
    workOnEach(groups, {
      work: (group) => checkPush(group, deps, moves),
      grouped: 'judged with another push of its image',
      now,
      deadline,
    })
  // An index before its platforms, which have nothing to add then.
  const { tagged = [], untagged = [] } = Object.groupBy(groupByImage(pushed, config), ({ image }) =>
    image.tags.length > 0 ? 'tagged' : 'untagged',
  )
  const handled = [await check(tagged), await check(untagged)]
  await moves.ended()
  return together([refused, { outcomes, again: [] }, ...left, ...handled])
}
