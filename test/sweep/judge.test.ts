import { describe, expect, test } from 'vitest'
import type { NotJudged, RecordedFinding, RepositoryRecord, SweepRecord } from '../../functions/domain/sweep/record.ts'
import type { Store } from '../../functions/planning/store.ts'
import { KEYS, type ListedTarget } from '../../functions/sweep/contract.ts'
import { type Batch, type JudgeDeps, judgeBatch } from '../../functions/sweep/judge.ts'
import { linesOf } from '../../functions/sweep/kept.ts'
import { recordsOf } from '../../functions/sweep/records.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'
import { foundFinding, HOME, ID, imageRecord, openVerdict, repositoryRecord } from './records.ts'

const batchOf = (first: number, ...names: readonly string[]): Batch => ({
  BatchInput: { id: ID, target: HOME },
  Items: names.map((repository, index) => ({ n: first + index, repository })),
})

const notJudged = (repository: string): NotJudged => ({
  kind: 'not-judged',
  ...HOME,
  repository,
  why: 'it was deleted',
})

function world() {
  const { store, set } = memoryStore()
  const told: string[] = []
  const judged: string[] = []
  const deps = {
    store,
    async *judge(
      repositories: readonly { readonly repository: string }[],
    ): AsyncGenerator<RepositoryRecord | NotJudged> {
      for (const { repository } of repositories) {
        judged.push(repository)
        if (repository !== 'deleted')
          yield repository.startsWith('gone') ? notJudged(repository) : repositoryRecord({ repository })
      }
    },
    tell: async ({ repository }: RepositoryRecord) => void told.push(repository),
  }
  return { store, set, deps, told, judged }
}

const target: ListedTarget = { ...HOME, listed: 4, problem: null }

async function all(store: Store, of = target): Promise<SweepRecord[]> {
  const found: SweepRecord[] = []
  for await (const record of recordsOf(store, ID, of)) found.push(record)
  return found
}

describe('a batch', () => {
  test('leaves a line for each repository under the number of its first, and tells of those that were judged', async () => {
    const { store, deps, told } = world()
    expect(await judgeBatch(batchOf(25, 'a', 'gone', 'b'), deps)).toEqual({ repositories: 3, notJudged: 1 })
    const text = (await store.read(`${ID}/records/${HOME.account}/${HOME.region}/0000025.jsonl`))?.text ?? ''
    const lines = text.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).repository)).toEqual(['a', 'gone', 'b'])
    expect(told).toEqual(['a', 'b'])
  })

  test('has each finding once, however many images have it, and is read as it was judged', async () => {
    const { store, deps, set } = world()
    const [both, one] = [foundFinding(), foundFinding({ id: 'CVE-2026-0001', fixed: '3.0.15' })]
    const image = (tag: string, findings: readonly RecordedFinding[]) => imageRecord({ tags: [tag], findings })
    const images = [image('1', [both, one]), image('2', [both]), image('3', [])]
    const record = repositoryRecord({ images, verdicts: [openVerdict()] })
    const judge: JudgeDeps['judge'] = async function* judge() {
      yield record
    }
    set(KEYS.repositories(ID, HOME), linesOf([{ n: 0, repository: record.repository }]))
    await judgeBatch(batchOf(0, record.repository), { ...deps, judge })
    const text = (await store.read(KEYS.records(ID, HOME, 0)))?.text ?? ''
    expect([text.match(/CVE-2024-6119/g)?.length, text.match(/CVE-2026-0001/g)?.length]).toEqual([1, 1])
    expect(await all(store, { ...HOME, listed: 1, problem: null })).toEqual([record])
  })

  test('says of what is gone that it was deleted', async () => {
    const { store, deps } = world()
    expect(await judgeBatch(batchOf(0, 'a', 'deleted', 'b'), deps)).toEqual({ repositories: 3, notJudged: 0 })
    const text = (await store.read(KEYS.records(ID, HOME, 0)))?.text ?? ''
    expect(JSON.parse(text.trim().split('\n').at(-1) ?? '')).toEqual({
      ...{ kind: 'not-judged', ...HOME, repository: 'deleted', why: 'it was deleted while the sweep ran' },
      isGone: true,
    })
  })

  test('that is there is not judged again', async () => {
    const { deps, judged, told } = world()
    const first = await judgeBatch(batchOf(0, 'a', 'gone'), deps)
    expect(await judgeBatch(batchOf(0, 'a', 'gone'), deps)).toEqual(first)
    expect([judged, told]).toEqual([['a', 'gone'], ['a']])
  })

  test('that cannot tell is not written down: it is tried again', async () => {
    const { store, deps } = world()
    const tell = () => Promise.reject(new Error('SQS is down'))
    await expect(judgeBatch(batchOf(0, 'a'), { ...deps, tell })).rejects.toThrow('SQS is down')
    expect(await store.list(KEYS.recordsOf(ID))).toEqual([])
  })

  test('of nothing is nothing', async () => {
    expect(await judgeBatch(batchOf(0), world().deps)).toEqual({ repositories: 0, notJudged: 0 })
  })
})

describe('the records of a registry', () => {
  const names = (records: readonly SweepRecord[]) =>
    records.map((record) => (record.kind === 'registry' ? 'the registry' : `${record.kind} ${record.repository}`))

  test('are those of its batches, and those listed of which there is none', async () => {
    const { store, deps, set } = world()
    set(KEYS.repositories(ID, HOME), linesOf(['a', 'gone', 'b', 'c'].map((repository, n) => ({ n, repository }))))
    set(KEYS.registryRecord(ID, HOME), linesOf([{ kind: 'registry', ...HOME, verdicts: [], rules: [], unread: [] }]))
    set(KEYS.records(ID, { ...HOME, region: 'us-east-1' }, 0), linesOf([repositoryRecord({ repository: 'b' })]))
    await judgeBatch(batchOf(0, 'a', 'gone'), deps)

    const records = await all(store)
    expect(names(records)).toEqual(['repository a', 'not-judged gone', 'the registry', 'not-judged b', 'not-judged c'])
    expect(records.at(-1)).toMatchObject({ why: 'its batch did not end' })
  })

  test('have each repository once, also where batches overlap', async () => {
    const { store, deps, set } = world()
    set(KEYS.repositories(ID, HOME), linesOf(['a', 'b'].map((repository, n) => ({ n, repository }))))
    await judgeBatch(batchOf(0, 'a', 'b'), deps)
    await judgeBatch(batchOf(1, 'b'), deps)
    expect(names(await all(store))).toEqual(['repository a', 'repository b'])
  })

  test('are none where nothing could be listed', async () => {
    const { store } = world()
    expect(await all(store, { ...target, listed: 0, problem: 'denied' })).toEqual([])
  })
})
