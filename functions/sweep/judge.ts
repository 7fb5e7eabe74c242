import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { NotJudged, RepositoryRecord } from '../domain/sweep/record.ts'
import type { Store } from '../planning/store.ts'
import { type JudgedBatch, KEYS, type SweepEvent } from './contract.ts'
import { itemsOf } from './kept.ts'

export type Batch = Extract<SweepEvent, { readonly step: 'judge' }>['batch']

export type JudgeDeps = {
  readonly store: Store
  /** Judges repositories of one registry. What cannot be read is in the records; throws what may be mended by trying again. */
  readonly judge: (
    repositories: readonly RepositoryRef[],
    within: Batch['BatchInput'],
  ) => AsyncIterable<RepositoryRecord | NotJudged>
  /** Sends what changed of it to the use cases that tell. */
  readonly tell: (record: RepositoryRecord, id: string) => Promise<unknown>
}

const tally = (records: Iterable<{ readonly kind: string }>): JudgedBatch => {
  const kinds = [...records].map(({ kind }) => kind)
  return { repositories: kinds.length, notJudged: kinds.filter((kind) => kind === 'not-judged').length }
}

/**
 * Judges the repositories of a batch, and tells what changed before they are written down: whoever is cut off in between tells
 * it once more, under the same ids. A batch that is written down is done.
 * @throws {Unreadable} where the store or a queue cannot be reached: the batch is to be tried again
 */
export async function judgeBatch(batch: Batch, { store, judge, tell }: JudgeDeps): Promise<JudgedBatch> {
  const { id, target } = batch.BatchInput
  const [first] = batch.Items
  if (!first) return tally([])
  const key = KEYS.records(id, target, first.n)
  const done = await store.read(key)
  if (done) return tally(itemsOf<RepositoryRecord | NotJudged>(done.text))
  const [lines, kinds]: [string[], { readonly kind: string }[]] = [[], []]
  const repositories = batch.Items.map(({ repository }) => ({ ...target, repository }))
  for await (const record of judge(repositories, batch.BatchInput)) {
    if (record.kind === 'repository') await tell(record, id)
    lines.push(`${JSON.stringify(record)}\n`)
    kinds.push({ kind: record.kind })
  }
  await store.create(key, lines.join(''))
  return tally(kinds)
}
