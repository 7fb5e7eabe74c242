import type { Result } from '../batch.ts'
import { eventsOf } from '../delivery.ts'
import type { Change, Telling } from '../domain/compose.ts'
import { counted } from '../domain/counted.ts'
import { LOOK } from '../domain/drift.ts'
import type { ApiCallEvent } from '../domain/event.ts'
import { isOpen } from '../domain/verdict.ts'
import type { PolicyItem } from '../domain/verdict-item.ts'
import { toldBefore } from '../policy/tell.ts'
import type { JobOf } from './job.ts'

/** What led to a look, as far as it is told. */
export type Cause = Pick<Telling, 'events' | 'facts'> & {
  /** The last change, where somebody made one. */
  readonly change?: Change
}

/** Changes that a message lists beside the last. */
const OTHERS = 5

const inWords = ({ call, by }: ApiCallEvent): string => `${call} by ${by}`

/** Who changed what: the last call first, since it made the setting what it is. Whoever has looked has changed nothing. */
export function causeOf(job: JobOf<'repository'> | JobOf<'registry'>): Cause {
  const changes = job.deliveries.map(({ event }) => event).filter(({ call }) => call !== LOOK)
  const calls = changes.toSorted((a, b) => b.at.localeCompare(a.at))
  const [last, ...others] = calls
  const before = [...new Set(others.map(inWords))].slice(0, OTHERS)
  return {
    events: eventsOf(job),
    ...(last && { change: { by: last.by, call: last.call, at: last.at } }),
    facts: [
      ...(last?.from ? [{ name: 'From', value: last.from }] : []),
      ...before.map((value) => ({ name: 'Before that', value })),
    ],
  }
}

/** Why nobody is told anything of verdicts. */
export function whyQuiet(items: readonly PolicyItem[]): Result {
  const open = items.filter(({ verdict }) => isOpen(verdict)).length
  const fixed = items.filter(({ change }) => change === 'gone').length
  if (fixed > 0) {
    const left = open > 0 ? `, ${open} open` : ''
    const reason = `${counted(fixed, 'rule')} that failed before now ${fixed === 1 ? 'holds' : 'hold'}${left}`
    return { outcome: 'fixed', reason }
  }
  if (open > 0) return { outcome: 'known', reason: toldBefore(open) }
  return { outcome: 'quiet', reason: 'every rule holds, or is excepted' }
}
