import * as v from 'valibot'
import type { ItemOutcome } from '../domain/clean-up/outcome.ts'
import { Unreadable } from '../faults.ts'
import type { Store } from '../planning/store.ts'

const instant = v.pipe(v.string(), v.isoTimestamp())

const IntentSchema = v.object({
  version: v.literal(1),
  plan: v.string(),
  /** Of the plan: one that was changed since is another. */
  hash: v.string(),
  number: v.number(),
  /** Of one run of one process. */
  run: v.string(),
  by: v.string(),
  at: instant,
  action: v.picklist(['delete', 'archive']),
  repository: v.string(),
  items: v.array(
    v.object({
      digest: v.string(),
      /** All its tags, just before. */
      tags: v.array(v.string()),
      /** Byte for byte, so that it can be pushed again; null for what is archived. */
      manifest: v.nullable(v.object({ text: v.string(), mediaType: v.string() })),
      policy: v.string(),
      rule: v.nullable(v.number()),
      reason: v.string(),
      sizeBytes: v.number(),
    }),
  ),
})

const OutcomeSchema = v.object({
  run: v.string(),
  by: v.string(),
  at: instant,
  outcomes: v.array(
    v.variant('end', [
      v.object({ digest: v.string(), end: v.picklist(['deleted', 'archived', 'already-gone']) }),
      v.object({ digest: v.string(), end: v.picklist(['kept', 'restored']), why: v.string() }),
      v.object({ digest: v.string(), end: v.literal('failed'), code: v.string(), why: v.string() }),
    ]),
  ),
})

/** What is about to be done to some images of one repository: written before the first call. */
export type Intent = v.InferOutput<typeof IntentSchema>
export type IntendedItem = Intent['items'][number]
export type Settled = { readonly digest: string } & ItemOutcome

/** An intent, and what became of it; undefined while nobody knows. */
export type Entry = { readonly intent: Intent; readonly outcomes?: readonly Settled[] | undefined }

/** Somebody else wrote to the journal of this plan: two runs are at work. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

const FOLDER = 'journal/'
const UNDO = /\/undo-\d+-intent\.json$/
const INTENT = /^journal\/([a-z0-9-]+)\/(\d+)-intent\.json$/

const keyOf = ({ plan, number }: Pick<Intent, 'plan' | 'number'>, what: 'intent' | 'outcome'): string =>
  `${FOLDER}${plan}/${String(number).padStart(4, '0')}-${what}.json`

/** @throws {Unreadable} also where it is there and is none: what was done is not known then, and nothing more is done */
async function readAs<T>(store: Store, key: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
  const stored = await store.read(key)
  if (stored === undefined) return undefined
  try {
    return v.parse(schema, JSON.parse(stored.text))
  } catch (cause) {
    throw new Unreadable(`${key} in ${store.name} cannot be read as a part of the journal`, true, cause)
  }
}

async function readEntry(store: Store, key: string): Promise<Entry> {
  const intent = await readAs(store, key, IntentSchema)
  if (!intent) throw new Unreadable(`${key} is gone from ${store.name}`, true, undefined)
  const outcome = await readAs(store, keyOf(intent, 'outcome'), OutcomeSchema)
  return { intent, outcomes: outcome?.outcomes }
}

/** What was meant to be done for a plan, in its order. */
export type Journal = {
  readonly entries: readonly Entry[]
  /** The highest number that something is written under, also where a part of the journal is lost. */
  readonly last: number
  /** Whether somebody took it back, or began to. */
  readonly isUndone: boolean
}

const numberOf = (key: string): number => Number(/\/(\d+)-(?:intent|outcome)\.json$/.exec(key)?.[1] ?? 0)

/** @throws {Unreadable} */
export async function readJournal(store: Store, plan: string): Promise<Journal> {
  const keys = await store.list(`${FOLDER}${plan}/`)
  const entries: Entry[] = []
  for (const key of keys.filter((each) => INTENT.test(each))) entries.push(await readEntry(store, key))
  return {
    entries: entries.toSorted((a, b) => a.intent.number - b.intent.number),
    last: Math.max(0, ...keys.map(numberOf)),
    isUndone: keys.some((key) => UNDO.test(key)),
  }
}

/** The store drops what is old, at times an outcome before its intent. What happened since is not to be undone. Milliseconds. */
const TOO_OLD = 30 * 86_400_000

/**
 * Intents of any plan that nobody knows the outcome of: a run did not come to its end. Those of more than 30 days ago are
 * left out.
 * @throws {Unreadable}
 */
export async function unsettled(store: Store, now: Date): Promise<readonly Intent[]> {
  const keys = await store.list(FOLDER)
  const known = new Set(keys)
  const open = keys.filter((key) => INTENT.test(key) && !known.has(key.replace(/intent\.json$/, 'outcome.json')))
  const intents: Intent[] = []
  for (const key of open) intents.push((await readEntry(store, key)).intent)
  return intents.filter(({ at }) => now.getTime() - Date.parse(at) <= TOO_OLD)
}

/** @throws {Superseded} where another run has written its own there @throws {Unreadable} */
export async function writeIntent(store: Store, intent: Intent): Promise<void> {
  if (await store.create(keyOf(intent, 'intent'), JSON.stringify(intent))) return
  throw new Superseded(`Another run has begun batch ${intent.number} of plan ${intent.plan}.`)
}

type Closing = Pick<Intent, 'run' | 'by' | 'at'> & { readonly outcomes: readonly Settled[] }

/** @throws {Superseded} where another run has written what it found @throws {Unreadable} */
export async function writeOutcome(store: Store, intent: Intent, closing: Closing): Promise<void> {
  if (await store.create(keyOf(intent, 'outcome'), JSON.stringify(closing))) return
  throw new Superseded(`Another run has settled batch ${intent.number} of plan ${intent.plan}.`)
}

const undoKey = (plan: string, number: number, what: string): string =>
  `${FOLDER}${plan}/undo-${String(number).padStart(4, '0')}-${what}.json`

/** Says that a plan is being undone, and by whom. @returns its number @throws {Unreadable} */
export async function beginUndo(store: Store, plan: string, begun: object): Promise<number> {
  for (let number = 1; ; number++)
    if (await store.create(undoKey(plan, number, 'intent'), JSON.stringify(begun))) return number
}

/** @throws {Unreadable} */
export async function endUndo(store: Store, plan: string, number: number, ended: object): Promise<void> {
  await store.create(undoKey(plan, number, 'outcome'), JSON.stringify(ended))
}
