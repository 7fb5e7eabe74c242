import { Duration } from 'aws-cdk-lib'
import { Match, Rule, type RuleProps } from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { EventPattern, NamedPattern } from '../functions/domain/event-pattern.ts'
import type { Ops } from './ops.ts'
import { deadLetterQueue } from './queue.ts'

/** The pattern in the CDK's spelling. */
const toEventPattern = ({
  source,
  'detail-type': detailType,
  resources,
  detail,
}: EventPattern): RuleProps['eventPattern'] => ({
  source: [...source],
  detailType: [...detailType],
  detail,
  ...(resources && { resources: resources.flatMap(({ wildcard }) => Match.wildcard(wildcard)) }),
})

export type EventRulesProps = {
  /** Name of the function that gets the events. */
  readonly name: string
  readonly queue: Queue
  readonly patterns: readonly NamedPattern[]
  readonly ops: Ops
}

/**
 * Rules that put events on a queue, for a day if need be.
 * @returns the queue of those that a rule matched, and that could not be put there: an alarm says so
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function eventRules(scope: Construct, { name, queue, patterns, ops }: EventRulesProps): Queue {
  const undelivered = deadLetterQueue(scope, 'Undelivered')
  const target = new SqsQueue(queue, {
    deadLetterQueue: undelivered,
    maxEventAge: Duration.hours(24),
    retryAttempts: 185,
  })
  for (const { id, description, pattern } of patterns) {
    new Rule(scope, id, { description, eventPattern: toEventPattern(pattern), targets: [target] })
  }
  ops.watchDeadLetters(
    `${name}-undelivered`,
    `An event that a rule matched could not be put on the queue of ${name}`,
    undelivered,
  )
  return undelivered
}
