import type { Store } from '../planning/store.ts'

/** While this is in the store, nothing is removed. */
const KEY = 'stop.json'

/** Why nothing is to be removed, and who says so. */
export type StopSwitch = { readonly reason: string; readonly by: string; readonly at: string }

const isText = (value: unknown): value is string => typeof value === 'string'

/** What is written there; it stops whatever it looks like. */
function parsed(text: string): StopSwitch {
  try {
    const { reason, by, at } = JSON.parse(text)
    if (isText(reason) && isText(by) && isText(at)) return { reason, by, at }
  } catch {
    // Put there by hand: said below.
  }
  return { reason: text.trim().slice(0, 200) || 'no reason is given', by: 'somebody', at: 'an unknown time' }
}

/** @returns undefined where nothing stops the clean-up @throws {Unreadable} which stops it too */
export async function readStopSwitch(store: Store): Promise<StopSwitch | undefined> {
  const stored = await store.read(KEY)
  return stored && parsed(stored.text)
}

/**
 * Stops every apply before its next batch, in whatever process it runs.
 * @returns what is in force: that of somebody else, where it was stopped already
 * @throws {Unreadable}
 */
export async function setStopSwitch(store: Store, stop: StopSwitch): Promise<StopSwitch> {
  await store.create(KEY, JSON.stringify(stop))
  return (await readStopSwitch(store)) ?? setStopSwitch(store, stop)
}

/** Lets clean-ups run again. @returns what was in force @throws {Unreadable} */
export async function clearStopSwitch(store: Store): Promise<StopSwitch | undefined> {
  const stored = await store.read(KEY)
  if (!stored) return undefined
  return (await store.remove(KEY, stored.version)) ? parsed(stored.text) : clearStopSwitch(store)
}
