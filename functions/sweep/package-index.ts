import { createHash } from 'node:crypto'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { registryKey } from '../domain/registry.ts'
import { mergeInto } from '../domain/supply-chain/package-index/merge.ts'
import { NotAnIndex } from '../domain/supply-chain/package-index/read.ts'
import { createIndexWriter } from '../domain/supply-chain/package-index/write.ts'
import type { SweepRecord } from '../domain/sweep/record.ts'
import { Unreadable } from '../faults.ts'
import { inOrder } from '../judging/in-order.ts'
import type { Store } from '../planning/store.ts'
import { KEYS, type ListedTarget, type PackageIndex } from './contract.ts'
import { put } from './kept.ts'
import { packed } from './packed.ts'

/** Parts that are read side by side. */
const AT_ONCE = 20
/** Letters of a shard, from which on another one begins: whoever asks an index holds one of them at a time. */
const SHARD = 16_000_000

/** What a registry holds, as the records of a sweep say it. */
type Held = {
  readonly registry: ListedTarget
  readonly names: ReadonlySet<string>
}

type Part = { readonly repository: string; readonly text: string }

/** The parts of repositories that are there: where not all could be listed, those of the others too. */
async function* partsOf(store: Store, { registry, names }: Held): AsyncGenerator<Part> {
  const prefix = KEYS.packageParts(registry)
  const nameIn = (key: string): string => key.slice(prefix.length).replace(/\.jsonl$/, '')
  async function* wanted() {
    for (const key of await store.list(prefix)) if (registry.problem !== null || names.has(nameIn(key))) yield key
  }
  yield* inOrder(wanted(), AT_ONCE, async (key) => ({
    repository: nameIn(key),
    text: (await store.read(key))?.text ?? '',
  }))
}

/** Indexes of many repositories each. A part that cannot be understood is left out: it is made anew by the next sweep. */
async function* shardsOf(parts: AsyncIterable<Part>, merged: Set<string>, most: number): AsyncGenerator<string> {
  let writer = createIndexWriter()
  for await (const { repository, text } of parts) {
    if (writer.length() + text.length > most && writer.length() > 0) {
      yield writer.text()
      writer = createIndexWriter()
    }
    try {
      mergeInto(writer, text)
      if (text !== '') merged.add(repository)
    } catch (error) {
      if (!(error instanceof NotAnIndex)) throw error
    }
  }
  yield writer.text()
}

export type IndexDeps = {
  readonly id: string
  readonly now: () => Date
  /** Given the text of every shard. */
  readonly onShard?: (text: string) => void
  /** Letters. */
  readonly shard?: number
}

/**
 * Makes one index of the parts of a registry. Shards lie with the sweep; what names them is replaced last, so that whoever asks
 * meanwhile has the index of the last sweep whole. Of a repository that could not be read, its part of an earlier sweep is
 * there, with the age that it has.
 * @throws {Unreadable} where the store cannot be read or written: the index of the last sweep stays then
 */
export async function indexRegistry(store: Store, held: Held, deps: IndexDeps): Promise<PackageIndex> {
  const { id, now, onShard, shard = SHARD } = deps
  const { account, region } = held.registry
  const [merged, shards]: [Set<string>, PackageIndex['shards'][number][]] = [new Set(), []]
  for await (const text of shardsOf(partsOf(store, held), merged, shard)) {
    onShard?.(text)
    const key = KEYS.packageShard(id, held.registry, shards.length)
    const stored = packed(text)
    await put(store, key, stored)
    shards.push({ key, sha256: createHash('sha256').update(stored).digest('hex') })
  }
  const unread = [...held.names].filter((name) => !merged.has(name)).length
  const index = { id, account, region, at: now().toISOString(), shards, repositories: merged.size, unread }
  await put(store, KEYS.packageIndex(held.registry), JSON.stringify(index))
  return index
}

/** Why there is no new index of a registry. */
export type NotIndexed = RegistryRef & { readonly why: string }

export type Indexing = {
  /** To be given every record. */
  add(record: SweepRecord): void
  /** To be called once all are given. @returns the registries whose index stays as it was */
  end(targets: readonly ListedTarget[]): Promise<readonly NotIndexed[]>
}

/** Indexes all registries of a sweep; what stands in the way of one stops nothing. */
export function indexing(store: Store, deps: IndexDeps): Indexing {
  const names = new Map<string, Set<string>>()
  return {
    add(record) {
      if (record.kind === 'registry' || record.repository === null) return
      if (record.kind === 'not-judged' && record.isGone) return
      const known = names.get(registryKey(record)) ?? new Set()
      names.set(registryKey(record), known.add(record.repository))
    },
    async end(targets) {
      const left: NotIndexed[] = []
      for (const registry of targets) {
        const { account, region } = registry
        try {
          await indexRegistry(store, { registry, names: names.get(registryKey(registry)) ?? new Set() }, deps)
        } catch (error) {
          if (!(error instanceof Unreadable)) throw error
          left.push({ account, region, why: error.message })
        }
      }
      return left
    },
  }
}
