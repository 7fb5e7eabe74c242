import type { Remedy } from './rule/remedy.ts'
import type { Verdict } from './verdict.ts'

/** A remedy that is being done: remembered before the write, so that one that a crash cut off is told all the same. */
export type Pending = { readonly at: string; readonly verdict: Verdict; readonly remedy: Remedy }

/** What was done about one rule in one repository. Instants are ISO 8601. */
export type RuleEnforcement = {
  /** When a remedy last took effect. */
  readonly doneAt?: string
  /** When it was found changed back, within the last hour. */
  readonly reverts?: readonly string[]
  /** Until when the rule is left alone: it is told, and not put right. */
  readonly restsUntil?: string
  /** Why the last remedy failed. */
  readonly failed?: string
  readonly pending?: Pending
}

/** By rule. */
export type Enforcements = Readonly<Record<string, RuleEnforcement>>

const HOUR = 3_600_000
/** Changed back so often within `WINDOW`, somebody means it, or another program does: whoever goes on fights. */
const MOST_REVERTS = 2
const WINDOW = HOUR
/** How long a rule is left alone once it is stopped, and once a remedy failed. */
const STOPPED_FOR = 24 * HOUR
const FAILED_FOR = HOUR

const later = (now: Date, milliseconds: number): string => new Date(now.getTime() + milliseconds).toISOString()

/** What to do about a fail, and what to remember with it. */
export type Step =
  | { readonly step: 'remedy'; readonly next: RuleEnforcement }
  | { readonly step: 'stop'; readonly next: RuleEnforcement }
  | { readonly step: 'rest' }

/**
 * Puts a fail right, unless the rule rests, or was found changed back twice within an hour. One that is being put right
 * already is not changed back: the last attempt was cut off.
 */
export function stepFor(before: RuleEnforcement = {}, now: Date): Step {
  const { doneAt, reverts = [], restsUntil, pending } = before
  if (restsUntil && restsUntil > now.toISOString()) return { step: 'rest' }
  const { restsUntil: _, ...awake } = before
  if (pending || doneAt === undefined) return { step: 'remedy', next: awake }
  const recent = [...reverts.filter((instant) => now.getTime() - Date.parse(instant) <= WINDOW), now.toISOString()]
  if (recent.length < MOST_REVERTS) return { step: 'remedy', next: { ...awake, reverts: recent } }
  return { step: 'stop', next: { restsUntil: later(now, STOPPED_FOR) } }
}

/** After a remedy took effect. */
export const done = ({ reverts }: RuleEnforcement, now: Date): RuleEnforcement => ({
  doneAt: now.toISOString(),
  ...(reverts && { reverts }),
})

/** After one that did not: it is tried again later, and not at every look. */
export const failed = (why: string, now: Date): RuleEnforcement => ({ restsUntil: later(now, FAILED_FOR), failed: why })
