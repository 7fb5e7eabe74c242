import type { StewardConfig } from '../../config/load.ts'
import type { Alert } from '../../functions/domain/alert.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import type { Call, Note } from './calls.ts'
import { type ReplayMemory, replayMemory } from './memory.ts'
import { type Message, replayedNotify } from './notify.ts'
import type { Surroundings } from './ports.ts'
import type { Input } from './read-inputs.ts'
import { toRecord } from './record.ts'
import type { Replayed } from './result.ts'
import { resultOf, type Said, type Sent, type Stack, type Worked } from './result-of.ts'
import { type StackRule, stackRules } from './stack-rules.ts'
import { isAbout, isUndecided, whyUndecided } from './undecided.ts'
import { type UseCase, useCases } from './use-cases.ts'

export type Replaying = {
  readonly config: StewardConfig
  /** The registry of the stack. */
  readonly home: RegistryRef
  readonly now: () => Date
  /** Whether AWS is really read; otherwise what rests on reads alone is undecided. */
  readonly isLive: boolean
  /** Calls of a registry, noted, and made or not. */
  readonly callsOf: (note: Note) => Surroundings['callsOf']
  readonly endpoint?: string | undefined
}

/** An alert by its marks; whether it is whole, notify says. */
const isAlert = ({ event }: Input): boolean => !('detail-type' in event) && 'kind' in event && 'channels' in event

function toSent(input: Input, index: number, rules: readonly StackRule[]): Sent {
  const isOurs = isAlert(input)
  const matching = isOurs ? [] : rules.filter(({ matches }) => matches(input.event))
  return { input, messageId: `message-${index + 1}`, rules: matching, isAlert: isOurs }
}

/** Hands each function the events that its rules let through. */
async function runCases(sent: readonly Sent[], cases: Readonly<Record<string, UseCase>>): Promise<readonly Said[]> {
  const said: Said[] = []
  for (const [name, run] of Object.entries(cases)) {
    const own = sent.filter(({ rules }) => rules.some((rule) => rule.function === name))
    if (own.length === 0) continue
    const { outcomes } = await run(own.map(({ input, messageId }) => toRecord(input.body, messageId)))
    said.push(...outcomes.map((outcome) => ({ function: name, outcome })))
  }
  return said
}

/** What is said where an alert would say that nothing could be judged, and nobody was asked. */
function decided(said: Said, undecided: readonly Alert[]): Said {
  const alert = undecided.find(({ id }) => id === said.outcome.alert)
  if (!alert) return said
  return { ...said, outcome: { ...said.outcome, outcome: 'undecided', reason: whyUndecided(alert) } }
}

/** What a batch leaves behind. */
type Noted = { calls: Call[]; alerts: Alert[] }

/** Takes out what is not decided: it is not told, and not remembered. */
function withoutUndecided({ calls, alerts }: Noted, undecided: readonly Alert[], memory: ReplayMemory): Noted {
  for (const alert of undecided) memory.forget((key) => isAbout(alert, key))
  const titles = new Set(undecided.map(({ title }) => title))
  return {
    calls: calls.filter(({ action, subject }) => action !== 'sns:Publish' || !titles.has(subject)),
    alerts: alerts.filter((alert) => !undecided.includes(alert)),
  }
}

const messagesOf = (alerts: readonly Alert[], sent: readonly Sent[]): readonly Message[] => [
  ...alerts.map((alert) => ({ body: JSON.stringify(alert), messageId: alert.id })),
  ...sent.filter((one) => one.isAlert).map(({ input: { body }, messageId }) => ({ body, messageId })),
]

/** Replays batches one after the other: what one has told is known to the next. */
export function replayer({ isLive, callsOf, endpoint, now, ...replaying }: Replaying) {
  const { config, home } = replaying
  const stack: Stack = { ...replaying, rules: stackRules(config) }
  let noted: Noted = { calls: [], alerts: [] }
  const note: Note = (call) => void noted.calls.push(call)
  const memory = replayMemory(note)
  const onAlert = (alert: Alert): void => void noted.alerts.push(alert)
  const cases = useCases(config, { home, callsOf: callsOf(note), note, memory, onAlert, endpoint }, now)
  const notify = replayedNotify(config, note)
  let batch = 0

  async function work(sent: readonly Sent[]): Promise<Worked> {
    noted = { calls: [], alerts: [] }
    const said = await runCases(sent, cases)
    const undecided = isLive ? [] : noted.alerts.filter(isUndecided)
    noted = withoutUndecided(noted, undecided, memory)
    const posted = await notify(messagesOf(noted.alerts, sent))
    return {
      said: said.map((one) => decided(one, undecided)),
      posted: posted.map((outcome) => ({ function: 'notify', outcome })),
      ...noted,
    }
  }

  return async (inputs: readonly Input[]): Promise<readonly Replayed[]> => {
    batch += 1
    const sent = inputs.map((input, index) => toSent(input, index, stack.rules))
    const worked = await work(sent)
    return sent.map((one, index) => ({ ...resultOf(one, sent.slice(0, index), worked, stack), batch }))
  }
}
