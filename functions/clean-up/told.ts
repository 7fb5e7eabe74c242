import * as v from 'valibot'
import type { Store } from '../planning/store.ts'

const KEY = 'told.json'

const ToldSchema = v.object({
  /** The last plan that was worth a message. */
  plan: v.optional(v.object({ items: v.string(), standing: v.string(), at: v.string() })),
  /** Images in use about to expire, by repository, digest and rule. */
  expiring: v.array(v.string()),
})

/** What people were told. Its loss repeats messages; it never hides one. */
export type Told = v.InferOutput<typeof ToldSchema>

function parsed(text: string): Told {
  try {
    return v.parse(ToldSchema, JSON.parse(text))
  } catch {
    return { expiring: [] }
  }
}

/** @throws {Unreadable} */
export async function readTold(store: Store): Promise<Told> {
  const stored = await store.read(KEY)
  return stored ? parsed(stored.text) : { expiring: [] }
}

/** Changes what is remembered. Where another run is faster, its word holds. @throws {Unreadable} */
export async function remember(store: Store, change: Partial<Told>): Promise<void> {
  const stored = await store.read(KEY)
  const text = JSON.stringify({ ...(stored ? parsed(stored.text) : { expiring: [] }), ...change })
  await (stored ? store.replace(KEY, text, stored.version) : store.create(KEY, text))
}
