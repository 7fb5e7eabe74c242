import type { StewardConfig } from '../../config/load.ts'
import { readBatch } from '../../functions/batch.ts'
import type { Alert } from '../../functions/domain/alert.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { readAlert } from '../../functions/notify/read-alert.ts'
import type { Outcome } from '../../functions/outcome.ts'
import type { Call } from './calls.ts'
import type { Input } from './read-inputs.ts'
import { toRecord } from './record.ts'
import type { Replayed, Step } from './result.ts'
import { type StackRule, whyStopped } from './stack-rules.ts'
import { unmatched } from './unmatched.ts'

/** An event on its way. */
export type Sent = {
  readonly input: Input
  readonly messageId: string
  readonly rules: readonly StackRule[]
  /** An alert out of a queue of notify, which goes to notify alone. */
  readonly isAlert: boolean
}

/** An outcome, and of which function. */
export type Said = { readonly function: string; readonly outcome: Outcome }

/** What a batch came to. */
export type Worked = {
  readonly said: readonly Said[]
  readonly posted: readonly Said[]
  readonly alerts: readonly Alert[]
  readonly calls: readonly Call[]
}

export type Stack = {
  readonly config: StewardConfig
  readonly home: RegistryRef
  readonly rules: readonly StackRule[]
}

const idOf = ({ input: { event } }: Sent): unknown => ('id' in event ? event.id : undefined)

/** How many of the events before have the same id: the first of them carries the message. */
const nthOf = (one: Sent, before: readonly Sent[]): number => before.filter((other) => idOf(other) === idOf(one)).length

/** The lines that are about one event: its own, and for the first with its id also those of more alerts. */
function linesOf(said: readonly Said[], one: Sent, nth: number): readonly Said[] {
  const own = said.filter(({ outcome }) => outcome.event === one.messageId || outcome.event === idOf(one))
  const isMore = ({ outcome }: Said, index: number): boolean =>
    index > 0 && outcome.alert !== undefined && outcome.alert !== own[0]?.outcome.alert
  const events = own.filter((line, index) => !isMore(line, index))
  return [...events.slice(nth, nth + 1), ...(nth === 0 ? own.filter(isMore) : [])]
}

const stepOf = ({ function: name, outcome: { outcome, reason, channel } }: Said): Step => ({
  function: name,
  ...(channel !== undefined && { channel: String(channel) }),
  outcome,
  reason: name === 'notify' && outcome === 'sent' ? 'would be posted' : reason,
})

/** What is said of an event that reaches no function. */
function otherwise({ input, messageId, isAlert }: Sent, { config, home }: Stack): Pick<Outcome, 'outcome' | 'reason'> {
  if (isAlert) return { outcome: 'quiet', reason: 'steward.yaml has no channel, so there is no notify' }
  const [refused] = readBatch([toRecord(input.body, messageId)]).refused.outcomes
  return refused ?? unmatched(input.event, config, home)
}

const textOf = (event: object, name: string): string | undefined => {
  const value: unknown = Reflect.get(event, name)
  return typeof value === 'string' ? value : undefined
}

/** Of what a batch came to, that which is about one event. The calls of the batch go with its first event. */
export function resultOf(one: Sent, before: readonly Sent[], worked: Worked, stack: Stack): Omit<Replayed, 'batch'> {
  const { input, rules, isAlert } = one
  const lines = linesOf(worked.said, one, nthOf(one, before))
  const told = worked.alerts.filter(({ id }) => lines.some(({ outcome }) => outcome.alert === id))
  const ids = isAlert ? [idOf(one), one.messageId] : told.map(({ id }) => id)
  const steps = [...lines, ...worked.posted.filter(({ outcome }) => ids.includes(outcome.event))].map(stepOf)
  const { outcome, reason } = steps[0] ?? otherwise(one, stack)
  const own = isAlert ? [readAlert(input.body)].flatMap((read) => ('alert' in read ? [read.alert] : [])) : told
  return {
    ...{ schemaVersion: 1, event: input.name },
    ...{ id: textOf(input.event, 'id'), time: textOf(input.event, 'time') },
    detailType: textOf(input.event, 'detail-type'),
    rules: rules.map(({ name }) => name),
    stopped: isAlert || rules.length > 0 ? [] : [...whyStopped(input.event, stack.rules)],
    ...{ outcome, reason, steps, alerts: own },
    calls: before.length === 0 ? [...worked.calls] : [],
  }
}
