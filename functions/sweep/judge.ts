import type { NotJudged, RepositoryRecord } from '../domain/sweep/record.ts'
import type { Store } from '../planning/store.ts'
import { type JudgedBatch, KEYS, type SweepEvent } from './contract.ts'
import type { SweptRepository } from './judge-repository.ts'
import { itemsOf } from './kept.ts'
import { recordLine } from './records.ts'

export type Batch = Extract<SweepEvent, { readonly step: 'judge' }>['batch']

export type JudgeDeps = {
  readonly store: Store
  /**
   * Judges repositories of one registry. What cannot be read is in the records, what is gone is not; throws what may be
   * mended by trying again.
   */
  readonly judge: (
    repositories: readonly SweptRepository[],
    within: Batch['BatchInput'],
  ) => AsyncIterable<RepositoryRecord | NotJudged>
  /** Sends what changed of it to the use cases that tell. */
  readonly tell: (record: RepositoryRecord, id: string) => Promise<unknown>
}

type Judged = RepositoryRecord | NotJudged

/** What was deleted is not there to be judged. */
const isMissing = (record: Judged): boolean => record.kind === 'not-judged' && !record.isGone

const tally = (records: Iterable<Judged>): JudgedBatch => {
  const all = [...records]
  return { repositories: all.length, notJudged: all.filter(isMissing).length }
}

/** Records of all items: of what is gone there is none, and that is said. */
async function* recordsOf({ BatchInput, Items }: Batch, { judge }: JudgeDeps): AsyncGenerator<Judged> {
  const { target } = BatchInput
  const left = new Set(Items.map(({ repository }) => repository))
  const repositories = Items.map(({ n: _, ...listed }) => ({ ...target, ...listed }))
  for await (const record of judge(repositories, BatchInput)) {
    if (record.repository !== null) left.delete(record.repository)
    yield record
  }
  for (const repository of left)
    yield { kind: 'not-judged', ...target, repository, why: 'it was deleted while the sweep ran', isGone: true }
}

/**
 * Judges the repositories of a batch, and tells what changed before they are written down: whoever is cut off in between tells
 * it once more, under the same ids. A batch that is written down is done.
 * @throws {Unreadable} where the store or a queue cannot be reached: the batch is to be tried again
 */
export async function judgeBatch(batch: Batch, deps: JudgeDeps): Promise<JudgedBatch> {
  const { store, tell } = deps
  const { id, target } = batch.BatchInput
  const [first] = batch.Items
  if (!first) return tally([])
  const key = KEYS.records(id, target, first.n)
  const done = await store.read(key)
  if (done) return tally(itemsOf<Judged>(done.text))
  const lines: string[] = []
  let notJudged = 0
  for await (const record of recordsOf(batch, deps)) {
    if (record.kind === 'repository') await tell(record, id)
    if (isMissing(record)) notJudged += 1
    lines.push(recordLine(record))
  }
  await store.create(key, lines.join(''))
  return { repositories: lines.length, notJudged }
}
