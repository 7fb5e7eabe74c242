import { Later, Unreadable } from '../faults.ts'
import type { Store } from '../planning/store.ts'

/** Times that a write is tried anew because somebody else wrote at the same moment. */
const ATTEMPTS = 5

/** Text of one line for each item. */
export const linesOf = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('')

/** What the lines of a text hold, one after the other. */
export function* itemsOf<T>(text: string): Generator<T> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const to = end === -1 ? text.length : end
    if (to > from) yield JSON.parse(text.slice(from, to)) as T
    from = to + 1
  }
}

/** What comes of it, or nothing where a store cannot be reached. */
export async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

/** What comes of it, or why something cannot be reached, in words. */
export async function orReason<T>(work: Promise<T>): Promise<T | string> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Unreadable) return error.message
    throw error
  }
}

export async function readJson<T>(store: Store, key: string): Promise<T | undefined> {
  const stored = await store.read(key)
  return stored && (JSON.parse(stored.text) as T)
}

/**
 * Writes it, whatever is there.
 * @throws {Unreadable}
 * @throws {Later} where others write it at the same time, over and over
 */
export async function put(store: Store, key: string, text: string): Promise<void> {
  for (let tries = 0; tries < ATTEMPTS; tries++) {
    const there = await store.read(key)
    if (there?.text === text) return
    if (await (there ? store.replace(key, text, there.version) : store.create(key, text))) return
  }
  throw new Later(`${key} is written by others at the same time`)
}
