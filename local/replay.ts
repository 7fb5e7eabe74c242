import { type EventInput, timeOf } from '../cli/replay/event-input.ts'
import { unmatched } from '../cli/replay/unmatched.ts'
import type { StewardConfig } from '../config/load.ts'
import type { Alert } from '../functions/domain/alert.ts'
import type { Outcome } from '../functions/outcome.ts'
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

/** What a sweep says on its way, before it comes to its end. */
const ON_THE_WAY: ReadonlySet<string> = new Set(['begun', 'listed', 'judged'])

type Said = { readonly function: string; readonly requestId: string; readonly outcome: Outcome }

const saidIn = (invocations: readonly Invocation[]): Said[] =>
  invocations.flatMap(({ function: name, requestId, logs }) =>
    logs.flatMap(({ message }) => (isOutcome(message) ? [{ function: name, requestId, outcome: message }] : [])),
  )

/** Where something is said: `notify` speaks of each alert and channel by itself. */
const placeOf = ({ function: name, outcome }: Said): string =>
  name === 'notify' ? `${name} ${outcome.channel} ${outcome.event}` : name

/**
 * What one invocation said of one event: one line, or one for each of the alerts that came of it.
 * @param nth which of several events with one id is meant: the first of them carries the message
 */
function linesOf(last: readonly Said[], nth: number): readonly Said[] {
  const [first] = last
  const isMore = ({ outcome }: Said, index: number): boolean =>
    index > 0 && outcome.alert !== undefined && outcome.alert !== first?.outcome.alert
  const events = last.filter((one, index) => !isMore(one, index))
  const own = events.slice(Math.min(nth, events.length - 1)).slice(0, 1)
  return nth === 0 ? [...own, ...last.filter(isMore)] : own
}

/** The last word of each function, per alert and channel, and how often it was tried. */
function stepsOf(said: readonly Said[], nth = 0): Step[] {
  return [...Map.groupBy(said, placeOf).values()].flatMap((all) => {
    const tries = [...Map.groupBy(all, ({ requestId }) => requestId).values()]
    return linesOf(tries.at(-1) ?? [], nth).map((one) => ({ ...one, tries: tries.length }))
  })
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

type Sent = { readonly input: EventInput; readonly rules: readonly string[]; readonly nth: number }

/** What all events of a burst have in common. */
type Shared = {
  readonly said: readonly Said[]
  readonly alerts: readonly Alert[]
  readonly dead: Replayed['dead']
  readonly took: number
}

/** What would be said of an event that no function has seen. */
type Otherwise = (event: object) => Pick<Outcome, 'outcome' | 'reason'>

const idOf = ({ event }: EventInput): unknown => ('id' in event ? event.id : undefined)

/** Of what was said after a burst, that which is about this event: its own outcome, and what became of its alert. */
function partOf({ said, alerts, dead }: Shared, input: EventInput, nth: number) {
  const own = stepsOf(
    said.filter(({ function: name, outcome }) => name !== 'notify' && outcome.event === idOf(input)),
    nth,
  )
  const ids = own.map(({ outcome }) => outcome.alert).filter((id) => id !== undefined)
  const posted = stepsOf(said.filter(({ function: name, outcome }) => name === 'notify' && ids.includes(outcome.event)))
  const failed = own.some(({ outcome }) => outcome.outcome === 'retry')
  return { steps: [...own, ...posted], alerts: alerts.filter(({ id }) => ids.includes(id)), dead: failed ? dead : [] }
}

function replayed({ input, rules, nth }: Sent, shared: Shared, alone: boolean, otherwise: Otherwise): Replayed {
  const part = alone ? { ...shared, steps: stepsOf(shared.said) } : partOf(shared, input, nth)
  const verdict = part.steps.find((step) => step.function !== 'notify')?.outcome ?? otherwise(input.event)
  return {
    input,
    detailType: detailTypeOf(input.event),
    rules,
    functions: [...new Set(part.steps.map((step) => step.function))],
    steps: part.steps,
    outcome: verdict.outcome,
    reason: verdict.reason,
    alerts: part.alerts,
    dead: part.dead,
    took: shared.took,
  }
}

/**
 * Sends bursts of events one after the other, each when all work of the one before has ended, so that what happens is
 * known to be its doing.
 */
export function replayer(world: World, config: StewardConfig) {
  const { aws, cloud } = world
  const otherwise: Otherwise = (event) => unmatched(event, config, aws)
  let invocations: Invocation[] = []
  cloud.onInvocation((invocation) => invocations.push(invocation))

  const send = (input: EventInput, index: number, burst: readonly EventInput[]): Sent => {
    applyStage(aws, input.event)
    const nth = burst.slice(0, index).filter((other) => idOf(other) === idOf(input)).length
    return { input, rules: cloud.put(input.event).rules, nth }
  }

  return async (burst: readonly EventInput[]): Promise<Replayed[]> => {
    invocations = []
    const before = { dead: counts(world), published: aws.sns.published().length }
    aws.clock.advanceTo(Math.max(...burst.map(({ event }) => timeOf(event) ?? 0)))
    const started = aws.clock.now()
    const sent = burst.map(send)
    await cloud.settle()
    const shared: Shared = {
      said: saidIn(invocations),
      alerts: alertsAfter(world, before.published),
      dead: newlyDead(world, before.dead),
      took: aws.clock.now() - started,
    }
    return sent.map((one) => replayed(one, shared, burst.length === 1, otherwise))
  }
}

const MINUTE = 60_000
const DAY = 86_400_000
/** Of a day: minutes after which a schedule comes whose expression names no time of day. */
const NIGHT = 3 * 60

/** When a schedule comes next: that of a day at the hour it names. Milliseconds since 1970. */
function nextOf(expression: string, now: number): number {
  const [, minute, hour] = /^cron\((\d+) (\d+) /.exec(expression) ?? []
  const after = (hour === undefined ? NIGHT : Number(hour) * 60 + Number(minute)) * MINUTE
  return Math.ceil((now - after + 1) / DAY) * DAY + after
}

/** Lets its hour come, starts a schedule of the stack, and waits until all of its work has ended. */
export async function replaySchedule(world: World, name: string): Promise<Replayed> {
  const { aws, cloud } = world
  const invocations: Invocation[] = []
  cloud.onInvocation((invocation) => invocations.push(invocation))
  const schedule = cloud.schedule(name)
  const before = { dead: counts(world), published: aws.sns.published().length }
  aws.clock.advanceTo(nextOf(schedule.expression, aws.clock.now()))
  const started = aws.clock.now()
  const event = { 'detail-type': 'Schedule', time: new Date(started).toISOString() }
  schedule.fire()
  await cloud.settle()
  const shared: Shared = {
    said: saidIn(invocations).filter(({ outcome }) => !ON_THE_WAY.has(outcome.outcome)),
    alerts: alertsAfter(world, before.published),
    dead: newlyDead(world, before.dead),
    took: aws.clock.now() - started,
  }
  const sent: Sent = {
    input: { name: schedule.expression, file: schedule.name, event },
    rules: [schedule.name],
    nth: 0,
  }
  return replayed(sent, shared, true, () => ({ outcome: 'quiet', reason: 'nothing was started' }))
}
