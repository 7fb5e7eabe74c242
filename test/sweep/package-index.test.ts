import { beforeEach, expect, test } from 'vitest'
import { createSearch } from '../../functions/domain/supply-chain/package-index/search.ts'
import type { SweepRecord } from '../../functions/domain/sweep/record.ts'
import { Unreadable } from '../../functions/faults.ts'
import { KEYS, type ListedTarget, type PackageIndex } from '../../functions/sweep/contract.ts'
import { readJson } from '../../functions/sweep/kept.ts'
import { indexing } from '../../functions/sweep/package-index.ts'
import { packed, unpacked } from '../../functions/sweep/packed.ts'
import { indexOf, REPOSITORY, row } from '../domain/supply-chain/package-index/rows.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'

const { account, region } = REPOSITORY
const TARGET: ListedTarget = { account, region, listed: 3, problem: null }
const NOW = new Date('2026-11-28T21:10:00Z')

let memory: ReturnType<typeof memoryStore>
beforeEach(() => {
  memory = memoryStore()
})

const part = (repository: string, packages: readonly string[], at = REPOSITORY.at): void => {
  const text = indexOf([
    row(
      packages.map((name) => ({ name, version: '1' })),
      { repository, at },
    ),
  ])
  memory.set(KEYS.packagesOf({ account, region, repository }), text)
}

const record = (repository: string | null, change: object = {}): SweepRecord =>
  ({ kind: 'repository', account, region, repository, ...change }) as SweepRecord

async function index(records: readonly SweepRecord[], target = TARGET, shard?: number) {
  const making = indexing(memory.store, { id: '2026-11-28t21', now: () => NOW, ...(shard && { shard }) })
  for (const one of records) making.add(one)
  return making.end([target])
}

const made = () => readJson<PackageIndex>(memory.store, KEYS.packageIndex(TARGET))

/** Repositories of the index that have a package. */
async function having(name: string) {
  const search = createSearch((one) => (one.name === name ? 'yes' : 'no'))
  for (const { key } of (await made())?.shards ?? []) search.add(unpacked(memory.files.get(key)?.text ?? ''))
  return search.end().found.map(({ repository }) => repository)
}

test('parts of a registry become one index, in which a package stands once', async () => {
  part('a', ['zlib'])
  part('b/c', ['zlib', 'musl'])
  expect(await index([record('a'), record('b/c'), record('d'), record(null, { kind: 'registry' })])).toEqual([])
  expect(await made()).toEqual({
    ...{ id: '2026-11-28t21', account, region, at: NOW.toISOString(), repositories: 2, unread: 1 },
    shards: [
      {
        key: `2026-11-28t21/packages/${account}/${region}/0000.jsonl.gz`,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ],
  })
  expect(await having('zlib')).toEqual(['a', 'b/c'])
  expect(unpacked(memory.files.get((await made())?.shards[0]?.key ?? '')?.text ?? '').match(/zlib/g)).toHaveLength(1)
})

test('what is deleted is not there, and what could not be read has its part of an earlier sweep', async () => {
  for (const name of ['gone', 'deleted', 'unread']) part(name, ['zlib'])
  const notJudged = { kind: 'not-judged', why: 'throttled' }
  await index([record('unread', notJudged), record('gone', { ...notJudged, isGone: true })])
  expect(await having('zlib')).toEqual(['unread'])
})

test('of a registry that was not listed whole, everything that was known stays', async () => {
  for (const name of ['a', 'b']) part(name, ['zlib'])
  await index([record('a')], { ...TARGET, problem: 'throttled' })
  expect(await having('zlib')).toEqual(['a', 'b'])
})

test('a part that cannot be understood is left out, and its repository counts as unread', async () => {
  part('a', ['zlib'])
  memory.set(KEYS.packagesOf({ account, region, repository: 'b' }), '{"hostile":')
  memory.set(KEYS.packagesOf({ account, region, repository: 'c' }), '')
  await index([record('a'), record('b'), record('c')])
  expect(await made()).toMatchObject({ repositories: 1, unread: 2 })
})

test('a long index is several shards, none of which is held with another', async () => {
  for (const name of ['a', 'b', 'c']) part(name, ['zlib'])
  await index([record('a'), record('b'), record('c')], TARGET, 400)
  expect((await made())?.shards).toHaveLength(3)
  expect(await having('zlib')).toEqual(['a', 'b', 'c'])
})

test('a store that refuses a shard leaves the index of the last sweep, and says why', async () => {
  part('a', ['zlib'])
  await index([record('a')])
  const before = await made()
  const { create } = memory.store
  const refusing = {
    ...memory.store,
    create: async (key: string, text: string) => {
      if (key.endsWith('.gz')) throw new Unreadable('S3 answered AccessDenied to PutObject', true, undefined)
      return create(key, text)
    },
  }
  const making = indexing(refusing, { id: '2026-11-29t21', now: () => NOW })
  making.add(record('a'))
  expect(await making.end([TARGET])).toEqual([{ account, region, why: 'S3 answered AccessDenied to PutObject' }])
  expect(await made()).toEqual(before)
  const broken = indexing({ ...refusing, list: () => Promise.reject(new Error('a bug')) }, { id: 'x', now: () => NOW })
  await expect(broken.end([TARGET])).rejects.toThrow('a bug')
})

test('what is not packed is not unpacked', () => {
  expect(unpacked(packed('é\n'))).toBe('é\n')
  expect(() => unpacked('H4sIAAAA')).toThrow('it is not what a sweep has packed')
})
