import { Later } from '../faults.ts'
import type { Outcome } from '../outcome.ts'
import { tellFailed } from './failed.ts'
import { tellFound } from './found.ts'
import type { Delivery, Group } from './group.ts'
import type { Deps, Result } from './ports.ts'

/** Outcomes of the deliveries of one image, and the messages that must come again. */
export type Handled = { readonly outcomes: readonly Outcome[]; readonly again: readonly string[] }

const facts = ({ alert }: Result) =>
  alert ? { alert: alert.id, kind: alert.kind, severity: alert.severity, repository: alert.subject.repository } : {}

/** The last scan speaks for the group, or the last finding where there is no scan. */
function outcomesOf(group: Group, result: Result): Outcome[] {
  const deliveries: readonly Delivery[] = [...group.findings, ...group.scans]
  const main = deliveries.at(-1)?.event.id ?? ''
  const first = { outcome: result.outcome, reason: result.reason, event: main, ...facts(result) }
  const others = deliveries.slice(0, -1)
  const grouped = { outcome: 'grouped', reason: 'in the one message of its image', with: main }
  return [first, ...others.map(({ event }) => ({ ...grouped, event: event.id }))]
}

/** What could not be done now is given back to the queue, whatever the reason; nothing is swallowed. */
function givenBack(group: Group, error: unknown): Handled {
  const deliveries: readonly Delivery[] = [...group.findings, ...group.scans]
  if (!(error instanceof Later)) console.error(error)
  const reason =
    error instanceof Later ? error.message : `unexpected: ${error instanceof Error ? error.name : typeof error}`
  return {
    outcomes: deliveries.map(({ event }) => ({ outcome: 'retry', reason, event: event.id })),
    again: deliveries.map(({ messageId }) => messageId),
  }
}

/** Tells once what is new about one image. Never throws: what went wrong comes again. */
export async function alertOnImage(group: Group, { ports, now, deadline }: Deps): Promise<Handled> {
  try {
    if (now().getTime() > deadline) throw new Later('no time is left for it in this invocation')
    const isFailed = group.scans.at(-1)?.event.outcome === 'failed'
    const result = await (isFailed ? tellFailed : tellFound)(group, ports, now())
    return { outcomes: outcomesOf(group, result), again: [] }
  } catch (error) {
    return givenBack(group, error)
  }
}
