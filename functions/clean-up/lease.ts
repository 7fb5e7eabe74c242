import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { Unreadable } from '../faults.ts'
import type { Store } from '../planning/store.ts'

const KEY = 'lease.json'

/** How long a lease is good for after it was taken or renewed. Milliseconds. */
export const LEASE = 5 * 60_000
/** Nothing is begun so shortly before its end: a call may take that long. Milliseconds. */
const LAST_CALL = 2 * 60_000
/** How far two clocks may differ: nobody takes over before that is over too. Milliseconds. */
export const SKEW = 5 * 60_000

const LeaseSchema = v.object({
  /** Of one run of one process. */
  run: v.string(),
  /** Of whoever took it: Lambda gives a run that it starts again the name of the first. */
  holder: v.optional(v.string()),
  /** Counts its renewals: no two texts are the same. */
  renewal: v.number(),
  by: v.string(),
  plan: v.string(),
  until: v.pipe(v.string(), v.isoTimestamp()),
})
type Written = v.InferOutput<typeof LeaseSchema>

/** Somebody else applies a plan, or did and did not come to its end. */
export class LeaseTaken extends Error {
  override readonly name = 'LeaseTaken'
  /** That they are at; undefined where it is not known. */
  readonly plan: string | undefined
  constructor(message: string, plan: string | undefined) {
    super(message)
    this.plan = plan
  }
}

/** The right to be the only one who changes a registry. */
export type Lease = {
  /** Makes it last. @throws {LeaseTaken} where it is somebody else's by now @throws {Unreadable} */
  renew(): Promise<void>
  /** Whether a call that is begun now ends before the lease does. Asks nobody. */
  isGood(): boolean
  /** Gives it back. Where somebody else has it by now, it stays theirs. @throws {Unreadable} */
  release(): Promise<void>
}

export type Holder = {
  readonly store: Store
  readonly run: string
  readonly by: string
  readonly plan: string
  readonly now: () => Date
}

function parsed(text: string, store: Store): Written {
  try {
    return v.parse(LeaseSchema, JSON.parse(text))
  } catch (cause) {
    const todo = 'Remove it when no clean-up runs.'
    throw new Unreadable(`${KEY} in ${store.name} cannot be read as a lease. ${todo}`, true, cause)
  }
}

const takenBy = ({ by, plan, until }: Written): LeaseTaken => {
  const free = new Date(Date.parse(until) + SKEW).toISOString()
  return new LeaseTaken(`${by} is at it with plan ${plan}. If that run is dead, the way is free from ${free} on.`, plan)
}

/**
 * Becomes the only one who changes the registry.
 * @throws {LeaseTaken} where another run has the lease, and its time is not over by any clock
 * @throws {Unreadable} where the store cannot be reached
 */
export async function takeLease({ store, run, by, plan, now }: Holder): Promise<Lease> {
  const holder = randomUUID()
  let renewal = 0
  let until = 0
  const next = (): { readonly text: string; readonly until: number } => {
    renewal += 1
    const end = now().getTime() + LEASE
    return { text: JSON.stringify({ run, holder, renewal, by, plan, until: new Date(end).toISOString() }), until: end }
  }

  async function take(): Promise<boolean> {
    const mine = next()
    const stored = await store.read(KEY)
    const theirs = stored && parsed(stored.text, store)
    if (theirs && now().getTime() <= Date.parse(theirs.until) + SKEW) throw takenBy(theirs)
    const isTaken = await (stored ? store.replace(KEY, mine.text, stored.version) : store.create(KEY, mine.text))
    if (isTaken) until = mine.until
    return isTaken
  }

  async function own() {
    const stored = await store.read(KEY)
    const written = stored && parsed(stored.text, store)
    if (stored && written?.holder === holder) return stored
    throw written ? takenBy(written) : new LeaseTaken(`${KEY} is gone from ${store.name}.`, undefined)
  }

  // Whoever loses the race finds the winner's.
  while (!(await take()));

  return {
    isGood: () => now().getTime() < until - LAST_CALL,
    async renew() {
      const { version } = await own()
      const mine = next()
      if (!(await store.replace(KEY, mine.text, version)))
        throw new LeaseTaken('Another run took the lease.', undefined)
      until = mine.until
    },
    async release() {
      const stored = await store.read(KEY)
      if (stored && parsed(stored.text, store).holder === holder) await store.remove(KEY, stored.version)
    },
  }
}
