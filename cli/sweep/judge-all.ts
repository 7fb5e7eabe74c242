import pLimit from 'p-limit'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { BATCH, KEYS, type ListedRepository } from '../../functions/sweep/contract.ts'
import { type Batch, type JudgeDeps, judgeBatch } from '../../functions/sweep/judge.ts'
import { itemsOf } from '../../functions/sweep/kept.ts'
import { listRegistry } from '../../functions/sweep/list.ts'
import { judging, listing, type SweepWorld } from '../../functions/sweep/steps.ts'
import type { Begun } from './begin.ts'
import type { Progress } from './progress.ts'

/** Registries that are listed side by side. */
const LISTED_AT_ONCE = 5

export type Sweeping = {
  readonly begun: Begun
  readonly world: SweepWorld
  readonly progress: Progress
  readonly isInterrupted: () => boolean
  /** Repositories that are judged side by side, and images. */
  readonly atOnce: number
}

function batchesOf(items: readonly ListedRepository[], within: Batch['BatchInput']): readonly Batch[] {
  const starts = Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) => index * BATCH)
  return starts.map((start) => ({ BatchInput: within, Items: items.slice(start, start + BATCH) }))
}

/** @returns the batches of a registry: none where it could not be listed, which the report says */
async function listed(target: RegistryRef, { begun: { id }, world, progress }: Sweeping): Promise<readonly Batch[]> {
  await listRegistry(id, target, listing(world))
  const list = await world.store.read(KEYS.repositories(id, target))
  const items = [...itemsOf<ListedRepository>(list?.text ?? '')]
  progress.listed(items.length)
  return batchesOf(items, { id, target })
}

/** Judges a batch, and says how far it is. It tells nobody what it finds: a person is looking. */
async function judged(
  batch: Batch,
  judge: JudgeDeps['judge'],
  { world: { store }, progress }: Sweeping,
): Promise<void> {
  let left = batch.Items.length
  const counted: JudgeDeps['judge'] = async function* counted(repositories, within) {
    for await (const record of judge(repositories, within)) {
      left -= 1
      progress.judged(1, record.kind === 'repository' ? record.judged : 0)
      yield record
    }
  }
  await judgeBatch(batch, { store, judge: counted, tell: async () => {} })
  progress.judged(left, 0)
}

const keyOf = ({ BatchInput: { id, target }, Items: [first] }: Batch): string => KEYS.records(id, target, first?.n ?? 0)

/** @returns batches that are not written yet */
async function left(
  batches: readonly Batch[],
  { begun: { id }, world, progress }: Sweeping,
): Promise<readonly Batch[]> {
  const done = new Set(await world.store.list(KEYS.recordsOf(id)))
  for (const batch of batches) if (done.has(keyOf(batch))) progress.judged(batch.Items.length, 0)
  return batches.filter((batch) => !done.has(keyOf(batch)))
}

/**
 * Lists what is not listed and judges what is not judged, and keeps each batch as it ends. Asked to stop, it ends the batches
 * that are under way.
 * @returns whether all is done
 * @throws {Unreadable} where the store cannot be reached
 */
export async function judgeAll(sweeping: Sweeping): Promise<boolean> {
  const { begun, world, progress, isInterrupted, atOnce } = sweeping
  const toList = pLimit(LISTED_AT_ONCE)
  const lists = begun.targets.map((target) => toList(async () => (isInterrupted() ? [] : listed(target, sweeping))))
  const batches = await left((await Promise.all(lists)).flat(), sweeping)
  progress.allListed()
  const batchesAtOnce = Math.ceil(atOnce / BATCH)
  const ofBatch = Math.floor(atOnce / batchesAtOnce)
  const [toJudge, judge] = [pLimit(batchesAtOnce), judging(world, { repositories: ofBatch, images: ofBatch })]
  const judgings = batches.map((batch) =>
    toJudge(async () => (isInterrupted() ? undefined : judged(batch, judge, sweeping))),
  )
  await Promise.all(judgings)
  return !isInterrupted()
}
