import type { NotJudged, SweepRecord } from '../domain/sweep/record.ts'
import type { Store } from '../planning/store.ts'
import { KEYS, type ListedRepository, type ListedTarget } from './contract.ts'
import { itemsOf } from './kept.ts'

/** Texts of keys in turn, each read while the one before is worked on. */
async function* textsOf(store: Store, keys: readonly string[]): AsyncGenerator<string> {
  const read = (at: number) => {
    const key = keys[at]
    const stored = key === undefined ? undefined : store.read(key)
    // Whoever awaits it learns of its end, which may be later.
    stored?.catch(() => undefined)
    return stored
  }
  for (let [at, next] = [0, read(0)]; next; at++) {
    const current = next
    next = read(at + 1)
    yield (await current)?.text ?? ''
  }
}

async function namesIn(store: Store, id: string, target: ListedTarget): Promise<Set<string>> {
  if (target.listed === 0) return new Set()
  const list = await store.read(KEYS.repositories(id, target))
  return new Set([...itemsOf<ListedRepository>(list?.text ?? '')].map(({ repository }) => repository))
}

/**
 * All that is recorded of a target, object by object, each repository once, and then those that were listed and of which there
 * is no record: their batch did not end.
 * @throws {Unreadable} where the store cannot be reached
 */
export async function* recordsOf(store: Store, id: string, target: ListedTarget): AsyncGenerator<SweepRecord> {
  const { account, region } = target
  const left = await namesIn(store, id, target)
  const keys = await store.list(`${KEYS.recordsOf(id)}${account}/${region}/`)
  // Batches of a listing that was made again may overlap.
  for await (const text of textsOf(store, keys))
    for (const record of itemsOf<SweepRecord>(text))
      if (record.kind === 'registry' || record.repository === null || left.delete(record.repository)) yield record
  for (const repository of left) {
    const missing: NotJudged = { kind: 'not-judged', account, region, repository, why: 'its batch did not end' }
    yield missing
  }
}
