import type { Alert } from '../functions/domain/alert.ts'
import type { AlertPolicy } from '../functions/domain/alert-policy.ts'
import { InvalidEvent } from '../functions/events/invalid-event.ts'
import { parseEvent } from '../functions/events/parse.ts'
import type { Outcome } from '../functions/outcome.ts'
import { judge } from '../functions/scan-alert/group.ts'
import { type EventInput, timeOf } from './event-files.ts'
import type { Invocation } from './runtime/cloud.ts'
import { applyStage } from './seed/stages.ts'
import type { World } from './world.ts'

/** What one function said about one event, and how often it was tried. */
export type Step = { readonly function: string; readonly tries: number; readonly outcome: Outcome }

/** What became of one event, from the rules to Slack. */
export type Replayed = {
  readonly input: EventInput
  readonly detailType: string
  readonly rules: readonly string[]
  /** In the order in which they first ran. */
  readonly functions: readonly string[]
  readonly steps: readonly Step[]
  readonly outcome: string
  readonly reason: string
  readonly alerts: readonly Alert[]
  /** Messages that this event left in dead-letter queues, by queue. */
  readonly dead: readonly { readonly queue: string; readonly messages: number }[]
  /** Milliseconds of the virtual clock between the event and the end of its work. */
  readonly took: number
}

const isOutcome = (message: unknown): message is Outcome =>
  typeof message === 'object' && message !== null && 'outcome' in message && 'reason' in message

const detailTypeOf = (event: object): string =>
  'detail-type' in event ? String(event['detail-type']) : '(no detail-type)'

/** The last word of each function per event or alert; that an event was grouped is said by the one it went with. */
function stepsOf(invocations: readonly Invocation[]): Step[] {
  const steps = new Map<string, Step>()
  for (const invocation of invocations) {
    for (const { message } of invocation.logs) {
      if (!isOutcome(message)) continue
      const key = `${invocation.function} ${message.event} ${message.channel ?? ''}`
      steps.set(key, {
        function: invocation.function,
        tries: (steps.get(key)?.tries ?? 0) + 1,
        outcome: message,
      })
    }
  }
  return [...steps.values()]
}

/** For an event that no rule lets through: what the code would say of it, without running any. */
function unmatched(event: object, policies: readonly AlertPolicy[]): Pick<Outcome, 'outcome' | 'reason'> {
  try {
    const verdict = judge(parseEvent(event), policies)
    return verdict.worth ? { outcome: 'no-rule', reason: 'no rule lets it through' } : verdict.outcome
  } catch (error) {
    if (error instanceof InvalidEvent) return { outcome: 'invalid', reason: error.message }
    throw error
  }
}

const counts = ({ cloud }: World): Map<string, number> =>
  new Map(cloud.deadLetters().map(({ queue, messages }) => [queue, messages.length]))

function newlyDead(world: World, before: ReadonlyMap<string, number>): Replayed['dead'] {
  return [...counts(world)]
    .map(([queue, messages]) => ({ queue, messages: messages - (before.get(queue) ?? 0) }))
    .filter(({ messages }) => messages > 0)
}

const alertsAfter = ({ aws }: World, published: number): Alert[] =>
  aws.sns
    .published()
    .slice(published)
    .map(({ message }) => JSON.parse(JSON.parse(message).default))

/** Sends events one by one, each when all work of the one before has ended, so that what happens is known to be its doing. */
export function replayer(world: World, policies: readonly AlertPolicy[]) {
  const { aws, cloud } = world
  let invocations: Invocation[] = []
  cloud.onInvocation((invocation) => invocations.push(invocation))

  return async (input: EventInput): Promise<Replayed> => {
    const { event } = input
    invocations = []
    const before = { dead: counts(world), published: aws.sns.published().length }
    aws.clock.advanceTo(timeOf(event) ?? 0)
    applyStage(aws, event)
    const started = aws.clock.now()
    const { rules } = cloud.put(event)
    await cloud.settle()
    const steps = stepsOf(invocations)
    const verdict = steps.find((step) => step.function !== 'notify')?.outcome ?? unmatched(event, policies)
    return {
      input,
      detailType: detailTypeOf(event),
      rules,
      functions: [...new Set(invocations.map((invocation) => invocation.function))],
      steps,
      outcome: verdict.outcome,
      reason: verdict.reason,
      alerts: alertsAfter(world, before.published),
      dead: newlyDead(world, before.dead),
      took: aws.clock.now() - started,
    }
  }
}
